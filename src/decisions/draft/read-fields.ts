import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { messageOf, ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import type { DecisionFile } from '../model/decision.ts'

/** Fields of a decision from a YAML or JSON file, or from standard input (`-`). Throws `usage` and `config`. */
export async function readFields(context: Context, name: string): Promise<Partial<DecisionFile>> {
  const { readYaml } = await import('../../base/yaml-file.ts')
  const text = name === '-' ? await readAll(context) : readText(resolve(context.cwd, name), name)
  const { value, problems } = await readYaml(text.slice(0, 1 << 20))
  const [problem] = problems
  if (problem)
    throw new ProvError('config', `${name}:${problem.line}:${problem.column}: ${problem.message}`, {
      hint: problem.hint,
    })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProvError('config', `${name} has no decision fields`, {
      hint: 'write each as "name: value" on a line of its own',
    })
  return value as Partial<DecisionFile>
}

async function readAll(context: Context): Promise<string> {
  let text = ''
  for await (const chunk of context.stdin) text += chunk
  return text
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ProvError('usage', `${name} cannot be read: ${messageOf(error)}`, { hint: `ls -l ${dirname(name)}` })
  }
}
