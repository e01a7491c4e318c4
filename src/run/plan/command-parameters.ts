import type { Leaf } from '../../records/run.ts'

/**
 * Parameters in the usual forms: `--name value`, `--name=value`, `name=value` (Hydra, make); a `--name`
 * without a value is true. Dashes within a name become underscores, as argparse makes them, so that expressions can
 * name them.
 */
export function commandParameters(command: readonly string[]): Map<string, Leaf> {
  const found = new Map<string, Leaf>()
  const words = command.slice(1)
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (word === '--') continue
    const match = word.match(/^(?:--|\+{0,2})([A-Za-z_][\w.-]*)(?:=(.*))?$/s)
    const isOption = word.startsWith('--')
    if (!match || (!isOption && match[2] === undefined)) continue
    const name = (match[1] as string).replaceAll('-', '_')
    const next = words[at + 1]
    if (match[2] !== undefined) found.set(name, leafOf(match[2]))
    else if (next !== undefined && isValue(next)) {
      found.set(name, leafOf(next))
      at += 1
    } else found.set(name, true)
  }
  return found
}

const isValue = (word: string) => !word.startsWith('-') || /^-[\d.]/.test(word)

/** The value a word looks like: a number if a double holds it exactly, true, false, else text. */
export function leafOf(text: string): Leaf {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return text
  const value = Number(text)
  const exact = !/^-?\d+$/.test(text) || Number.isSafeInteger(value)
  return Number.isFinite(value) && exact ? value : text
}

/** Parameters and variables named like seeds. */
export function seedsAmong(values: Iterable<readonly [string, Leaf | undefined]>): Map<string, string | number> {
  const seeds = new Map<string, string | number>()
  for (const [name, value] of values) {
    if (!/(^|[._-])(seed|random_state|PYTHONHASHSEED)$/i.test(name)) continue
    if (typeof value === 'number' || (typeof value === 'string' && value !== '')) seeds.set(name, value)
  }
  return seeds
}
