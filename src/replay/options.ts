import { ProvError } from '../base/errors.ts'
import type { ParsedWords } from '../terminal/words.ts'
import type { Tolerances } from './verdict.ts'

export interface ReplayOptions {
  /** As typed; absent with --bundle. */
  run: string | undefined
  /** A folder or an archive that git prov bundle made. */
  bundle: string | undefined
  since: string | undefined
  yes: boolean
  /** Only print the plan. */
  report: boolean
  script: boolean
  json: boolean
  environment: 'current' | 'recreate'
  /** From the command line; they override those of prov.yaml. */
  tolerances: Tolerances
  inPlace: boolean
  /** Keep the temporary folder. */
  keep: boolean
}

const hint = 'git prov help replay'

/** Checks the words of `git prov replay`. Throws `usage`. */
export function toReplayOptions({ flags, words }: ParsedWords): ReplayOptions {
  const [run, ...more] = words
  const bundle = flags.bundle as string | undefined
  if (bundle !== undefined && (run !== undefined || flags.since !== undefined || flags.script || flags['in-place']))
    throw new ProvError('usage', '--bundle cannot be combined with a run, --since, --script or --in-place', { hint })
  if ((run === undefined && bundle === undefined) || more.length > 0)
    throw new ProvError('usage', 'replay takes one run', { hint: 'git prov replay <run>' })
  const environment = (flags.env as string | undefined) ?? 'current'
  if (environment !== 'current' && environment !== 'recreate')
    throw new ProvError('usage', `--env takes current or recreate, not '${environment}'`, { hint })
  if (flags['in-place'] && environment === 'recreate')
    throw new ProvError('usage', '--in-place cannot be combined with --env recreate', {
      hint: 'leave out --in-place or --env',
    })
  return {
    run,
    bundle,
    since: flags.since as string | undefined,
    yes: flags.yes === true,
    report: flags.report === true,
    script: flags.script === true,
    json: flags.json === true,
    environment,
    tolerances: parseTolerances((flags.tolerance as string[] | undefined) ?? []),
    inPlace: flags['in-place'] === true,
    keep: flags.keep === true,
  }
}

/** `metric=0.001`, or `0.001` for all others. */
function parseTolerances(words: readonly string[]): Tolerances {
  const tolerances: Record<string, number> = Object.create(null)
  for (const word of words) {
    const at = word.lastIndexOf('=')
    const name = at < 0 ? '*' : word.slice(0, at)
    const text = word.slice(at + 1)
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value < 0 || name === '')
      throw new ProvError('usage', `--tolerance ${word} is not <metric>=<number>`, { hint: '--tolerance f1=0.001' })
    tolerances[name] = value
  }
  return tolerances
}
