import { parseArgs } from 'node:util'
import { messageOf, ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'

/** One flag of a command, as help, the manual page and completion show it. */
interface FlagSpec {
  type: 'boolean' | 'string'
  short?: string
  multiple?: true
  /** What the value is called in the usage, e.g. `name=path`. */
  value?: string
  describe: string
}

/** What is known of a command without loading it. */
export interface CommandSpec {
  name: string
  summary: string
  /** Lines after `git prov`, one a form. */
  usage: readonly string[]
  /** Paragraphs for the manual page. */
  details?: readonly string[]
  flags?: Readonly<Record<string, FlagSpec>>
  /** Not in the command list: for git and for ourselves. */
  hidden?: true
  load(): Promise<CommandModule>
}

/** Commands that help lists together. */
export interface CommandGroup {
  title: string
  commands: readonly CommandSpec[]
}

interface CommandModule {
  /**
   * Runs the command with the words after its name, its own entry of the table, and, for help and completion, the whole
   * table. Returns the exit status: 0 done, 1 the answer is no.
   */
  run(argv: string[], context: Context, spec: CommandSpec, groups: readonly CommandGroup[]): Promise<number>
}

export interface ParsedWords {
  flags: Record<string, string | boolean | (string | boolean)[] | undefined>
  words: string[]
}

/** Reads a command's words by its own table. Throws `usage`, naming the command's help. */
export function parseWords(spec: Pick<CommandSpec, 'name' | 'flags'>, argv: string[]): ParsedWords {
  const options = Object.fromEntries(
    Object.entries(spec.flags ?? {}).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short && { short }), ...(multiple && { multiple }) },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true, strict: true })
    return { flags: values, words: positionals }
  } catch (error) {
    throw new ProvError('usage', messageOf(error).replace(/\. To specify.*/, ''), {
      hint: `git prov help ${spec.name}`,
    })
  }
}
