import { parseArgs } from 'node:util'
import { messageOf, ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'

/** A flag of a command, as shown in help, the manual page and completion. */
interface FlagSpec {
  type: 'boolean' | 'string'
  short?: string
  multiple?: true
  /** Name of the value in the usage line, such as `name=path`. */
  value?: string
  describe: string
}

/** What is known about a command without loading it. */
export interface CommandSpec {
  name: string
  summary: string
  /** Usage lines, without the leading `git prov`. */
  usage: readonly string[]
  /** Paragraphs for the manual page. */
  details?: readonly string[]
  flags?: Readonly<Record<string, FlagSpec>>
  /** Left out of the command list: called by git or by git-prov itself. */
  hidden?: true
  load(): Promise<CommandModule>
}

/** Commands listed together in help. */
export interface CommandGroup {
  title: string
  commands: readonly CommandSpec[]
}

interface CommandModule {
  /**
   * Runs the command with the words after its name, its own entry in the table and, for help and completion, the whole
   * table. Returns the exit status: 0 for success, 1 when the answer is no.
   */
  run(argv: string[], context: Context, spec: CommandSpec, groups: readonly CommandGroup[]): Promise<number>
}

export interface ParsedWords {
  flags: Record<string, string | boolean | (string | boolean)[] | undefined>
  words: string[]
}

/** Parses a command's words by its entry in the table. Throws `usage`, pointing to the command's help. */
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
