// DataLad's run records (written by datalad/core/local/run.py, read by datalad/local/rerun.py): a commit message of
// fixed form that contains JSON, or the name of a file with the JSON.

export const messageStart = '[DATALAD RUNCMD] '

export interface RunRecord {
  /** The message the person gave. */
  message: string
  /** As stored by DataLad: placeholders such as {inputs} are not filled in. */
  command: string | string[]
  /** Working folder, from the top of the dataset. */
  folder: string
  inputs: string[]
  extraInputs: string[]
  outputs: string[]
  exitCode?: number
  /** Commits that this reran, the first one first. */
  chain: string[]
  dataset?: string
}

const form = /^\[DATALAD RUNCMD\] (.*)=== Do not change lines below ===\n(.*)\n\^\^\^ Do not change lines above \^\^\^/s

/**
 * The part of a commit message that describes a run: the record's JSON, or the name of its file; undefined without one.
 */
export function parseMessage(
  text: string,
): { message: string; json: string } | { message: string; sidecar: string } | undefined {
  const match = form.exec(text)
  if (!match) return undefined
  const message = (match[1] as string).trimEnd()
  const name = /^\s*"([\w-]{1,128})"\s*$/.exec(match[2] as string)
  return name ? { message, sidecar: name[1] as string } : { message, json: match[2] as string }
}

/** Parses a record; undefined when it is damaged or has no command. */
export function parseRunRecord(json: string, message: string): RunRecord | undefined {
  let raw: Record<string, unknown>
  try {
    raw = JSON.parse(json)
  } catch {
    return undefined
  }
  if (typeof raw !== 'object' || raw === null) return undefined
  const { cmd, pwd, exit, dsid } = raw
  const command = typeof cmd === 'string' ? cmd : texts(cmd)
  if (command.length === 0) return undefined
  return {
    message,
    command,
    folder: typeof pwd === 'string' && pwd ? pwd : '.',
    inputs: texts(raw.inputs),
    extraInputs: texts(raw.extra_inputs),
    outputs: texts(raw.outputs),
    chain: texts(raw.chain),
    ...(typeof exit === 'number' && Number.isInteger(exit) && exit >= 0 && exit <= 255 && { exitCode: exit }),
    ...(typeof dsid === 'string' && { dataset: dsid }),
  }
}

const texts = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : typeof value === 'string'
      ? [value]
      : []

/** Patterns of glob(7), by the same test as DataLad's own. */
export const isPattern = (path: string) => /[*?[]/.test(path)

/**
 * The command that ran: {inputs}, {outputs}, {inputs[0]}, {pwd} and {dspath} filled in (quoted, as DataLad does),
 * doubled braces made single. Placeholders with unknown values are left in place.
 */
export function fillCommand({ command, inputs, outputs }: RunRecord): { words: string[]; unfilled: string[] } {
  const unfilled: string[] = []
  const lists: Record<string, readonly string[]> = { inputs, outputs }
  const fill = (text: string) =>
    text.replace(/\{\{|\}\}|\{(\w+)(?:\[(\d{1,4})\])?\}/g, (placeholder, name?: string, index?: string) => {
      if (name === undefined) return placeholder[0] as string
      if (name === 'pwd' || name === 'dspath') return '.'
      const list = Object.hasOwn(lists, name) ? lists[name] : undefined
      const chosen = index === undefined ? list : list?.slice(Number(index), Number(index) + 1)
      if (chosen && chosen.length > 0 && !list?.some(isPattern)) return chosen.map(quote).join(' ')
      unfilled.push(placeholder)
      return placeholder
    })
  if (typeof command !== 'string') return { words: command.map(fill), unfilled }
  const line = fill(command)
  const plain = /^[\w@%+=:,./ -]+$/.test(line) && !/^\S*=/.test(line.trim())
  return { words: plain ? line.trim().split(/ +/) : ['sh', '-c', line], unfilled }
}

const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)

/** Removes the folder the dataset was in from absolute paths in a text. */
export function withoutRoot(text: string, roots: readonly string[]): string {
  return roots.reduce((left, root) => left.replaceAll(`${root}/`, ''), text)
}

/** The ways to split an absolute path into the dataset's folder and a path in it, the longest inner path first. */
export function divisions(path: string): { root: string; inside: string }[] {
  const parts = path.split('/')
  return parts.slice(1, 40).flatMap((_, index) => {
    const inside = parts.slice(index + 2).join('/')
    return inside ? [{ root: parts.slice(0, index + 2).join('/'), inside }] : []
  })
}
