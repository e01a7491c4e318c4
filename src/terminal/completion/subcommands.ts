import type { CommandSpec } from '../words.ts'

/** The subcommands in a command's usage lines: `add` of `dataset add`, `rebuild` of `notes rebuild`. */
export function subcommands({ usage }: Pick<CommandSpec, 'usage'>): string[] {
  const words = usage.flatMap((line) => line.split(' ').slice(1, 2))
  return [...new Set(words.flatMap((word) => word.split('|')).filter((word) => /^[a-z]+$/.test(word)))]
}
