import type { CheckRule } from '../../decisions/model/problem.ts'

/** A rule in full, wrapped. */
export function explainRule({ name, level, summary, explain }: CheckRule, columns: number): string {
  const width = Math.min(columns, 100)
  return `${[`${name} (${level}): ${summary}`, '', ...wrap(explain, width), '', `Change its level in prov.yaml: policy.checks.levels.${name}: off, info, warning or error.`].join('\n')}\n`
}

/** One line per rule. */
export function listRules(rules: readonly CheckRule[]): string {
  const width = Math.max(...rules.map(({ name }) => name.length))
  return rules.map(({ name, level, summary }) => `${name.padEnd(width)}  ${level.padEnd(7)}  ${summary}\n`).join('')
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
