import { ProvError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { check } from '../checks/check.ts'
import { formats } from '../checks/formats/formats.ts'
import type { CheckReport } from '../checks/formats/report.ts'
import type { Context } from '../context.ts'
import type { Level } from '../decisions/model/problem.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** `git prov check`: checks decisions and a change against the rules. Exit status 1 on problems at the level asked for. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (flags.explain !== undefined) return await explain(context, String(flags.explain))
  const level = oneOf('level', flags.level ?? 'error', ['info', 'warning', 'error']) as Level
  const format = oneOf('format', flags.json ? 'json' : (flags.format ?? 'text'), Object.keys(formats))
  const objects = new ObjectReader(context.repository())
  try {
    const scope = {
      ...(flags.base !== undefined && { base: String(flags.base) }),
      ...(flags.release !== undefined && { release: String(flags.release) }),
      staged: flags.staged === true,
      words,
    }
    const report = await check(context, objects, scope, level)
    await print(context, report, format, flags)
    return report.ok ? 0 : 1
  } finally {
    objects.close()
  }
}

function oneOf(flag: string, value: unknown, allowed: readonly string[]): string {
  const word = String(value)
  if (allowed.includes(word)) return word
  const guess = nearest(word, allowed)
  throw new ProvError('usage', `--${flag} '${word}' is not one of ${allowed.join(', ')}`, {
    hint: guess ? `did you mean '${guess}'?` : 'git prov help check',
  })
}

async function print(
  context: Context,
  report: CheckReport,
  format: string,
  flags: ParsedWords['flags'],
): Promise<void> {
  const render = (await (formats[format] as (typeof formats)[string])()).render
  if (format !== 'text') return void context.stdout.write(render(report, { colour: false, columns: 80, quiet: false }))
  const output = openOutput(context)
  const columns = context.stdout.columns ?? 80
  await output.write(render(report, { colour: output.colour, columns, quiet: flags.quiet === true }))
  await output.end()
}

/** `--explain <rule>`; `--explain rules` lists them. */
async function explain(context: Context, name: string): Promise<number> {
  const { rules } = await import('../checks/rules.ts')
  const { explainRule, listRules } = await import('../checks/formats/explain.ts')
  const rule = rules.find((candidate) => candidate.name === name)
  if (name === 'rules') context.stdout.write(listRules(rules))
  else if (rule) context.stdout.write(explainRule(rule, context.stdout.columns ?? 80))
  else {
    const guess = nearest(
      name,
      rules.map((candidate) => candidate.name),
    )
    throw new ProvError('usage', `there is no rule '${name}'`, { hint: `git prov check --explain ${guess ?? 'rules'}` })
  }
  return 0
}
