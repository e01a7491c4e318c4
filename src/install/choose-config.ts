import { ProvError } from '../base/errors.ts'
import type { DatasetDeclaration } from '../config/config.ts'
import type { NewConfig } from '../config/edit-config.ts'
import type { Asker } from '../terminal/ask.ts'
import type { InstallOptions } from './options.ts'
import type { Proposals } from './proposals.ts'

type Agree = Asker['agree']

/**
 * The content of a new prov.yaml: what the flags name; else, on a terminal, everything found that the user agrees to;
 * else everything found. Throws `cancelled` when the user aborts the questions.
 */
export async function chooseConfig(
  { agree }: Asker,
  proposals: Proposals,
  options: Pick<InstallOptions, 'datasets' | 'parameters' | 'metrics'>,
): Promise<NewConfig> {
  const { parameters, metrics } = options
  const datasets = declared(options.datasets)
  return {
    datasets:
      datasets ?? (await kept(proposals.datasets, agree, (found) => `fingerprint ${named(found)}? (${found.because})`)),
    parameters: parameters ?? (await kept(proposals.parameters, agree, (path) => `read parameters from ${path}?`)),
    metrics: metrics ?? (await kept(proposals.metrics, agree, (path) => `read metrics from ${path}?`)),
  }
}

const named = ({ name, path }: DatasetDeclaration) => `${path} as dataset '${name}'`

function declared(values: readonly string[] | undefined): DatasetDeclaration[] | undefined {
  return values?.map((value) => {
    const at = value.indexOf('=')
    if (at < 1)
      throw new ProvError('usage', `--dataset ${value} is not <name>=<path>`, {
        hint: 'git prov init --dataset train=data/train',
      })
    return { name: value.slice(0, at), path: value.slice(at + 1).replace(/\/+$/, '') }
  })
}

async function kept<T>(found: readonly T[], agree: Agree, question: (one: T) => string): Promise<T[]> {
  const yes: T[] = []
  for (const one of found) if (await agree(question(one))) yes.push(one)
  return yes
}
