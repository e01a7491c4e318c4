import type { CommandSpec } from '../words.ts'

/** The words a command's forms begin with: \`dataset add\`, \`notes rebuild\`. */
export function subcommands({ usage }: Pick<CommandSpec, 'usage'>): string[] {
  const words = usage.flatMap((line) => line.split(' ').slice(1, 2))
  return [...new Set(words.flatMap((word) => word.split('|')).filter((word) => /^[a-z]+$/.test(word)))]
}
