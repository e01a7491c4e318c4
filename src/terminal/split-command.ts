import type { CommandSpec } from './words.ts'

/** Splits off a command to be run: our own words end at `--`, or at the first that is neither an option nor its value. */
export function splitCommand(
  { flags }: Pick<CommandSpec, 'flags'>,
  argv: readonly string[],
): { own: string[]; command: string[] } {
  const takesValue = new Set(
    Object.entries(flags ?? {}).flatMap(([long, { type, short }]) =>
      type === 'string' ? [`--${long}`, ...(short ? [`-${short}`] : [])] : [],
    ),
  )
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string
    if (word === '--') return { own: argv.slice(0, at), command: argv.slice(at + 1) }
    if (!word.startsWith('-') || word === '-') return { own: argv.slice(0, at), command: argv.slice(at) }
    if (takesValue.has(word)) at += 1
  }
  return { own: [...argv], command: [] }
}
