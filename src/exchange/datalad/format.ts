// DataLad's run records (datalad/core/local/run.py writes them, datalad/local/rerun.py reads them): a commit message of
// a fixed form with JSON in it, or with the name of a file that holds the JSON.

export const messageStart = '[DATALAD RUNCMD] '

export interface RunRecord {
  /** What the person said of it. */
  message: string
  /** As DataLad stored it: {inputs} and the like are not filled in. */
  command: string | string[]
  /** Where it ran, from the top of the dataset. */
  folder: string
  inputs: string[]
  extraInputs: string[]
  outputs: string[]
  exitCode?: number
  /** Commits of which this was a rerun, the first one first. */
  chain: string[]
  dataset?: string
}

const form = /^\[DATALAD RUNCMD\] (.*)=== Do not change lines below ===\n(.*)\n\^\^\^ Do not change lines above \^\^\^/s

/** What a commit message holds of a run: the record's JSON, or the name of the file it lies in; undefined when it is none. */
export function parseMessage(
  text: string,
): { message: string; json: string } | { message: string; sidecar: string } | undefined {
  const match = form.exec(text)
  if (!match) return undefined
  const message = (match[1] as string).trimEnd()
  const name = /^\s*"([\w-]{1,128})"\s*$/.exec(match[2] as string)
  return name ? { message, sidecar: name[1] as string } : { message, json: match[2] as string }
}

/** The record of a JSON text; undefined when it is damaged or has no command. */
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

/** Patterns of glob(7), as DataLad's own check has it. */
export const isPattern = (path: string) => /[*?[]/.test(path)

/**
 * The words that were run: {inputs}, {outputs}, {inputs[0]}, {pwd} and {dspath} filled in (quoted, as DataLad does),
 * doubled braces made single. What cannot be known stays as it stands.
 */
export function fillCommand({ command, inputs, outputs }: RunRecord): { words: string[]; unfilled: string[] } {
  const unfilled: string[] = []
  const lists: Record<string, readonly string[]> = { inputs, outputs }
  const fill = (text: string) =>
    text.replace(/\{\{|\}\}|\{(\w+)(?:\[(\d{1,4})\])?\}/g, (whole, name?: string, index?: string) => {
      if (name === undefined) return whole[0] as string
      if (name === 'pwd' || name === 'dspath') return '.'
      const list = Object.hasOwn(lists, name) ? lists[name] : undefined
      const chosen = index === undefined ? list : list?.slice(Number(index), Number(index) + 1)
      if (chosen && chosen.length > 0 && !list?.some(isPattern)) return chosen.map(quote).join(' ')
      unfilled.push(whole)
      return whole
    })
  if (typeof command !== 'string') return { words: command.map(fill), unfilled }
  const line = fill(command)
  const plain = /^[\w@%+=:,./ -]+$/.test(line) && !/^\S*=/.test(line.trim())
  return { words: plain ? line.trim().split(/ +/) : ['sh', '-c', line], unfilled }
}

const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)

/** Takes the folder the dataset lay in out of a text that names places in it by their whole path. */
export function withoutRoot(text: string, roots: readonly string[]): string {
  return roots.reduce((left, root) => left.replaceAll(`${root}/`, ''), text)
}

/** The ways an absolute path may divide into the dataset's folder and a path in it, the longest path in it first. */
export function divisions(path: string): { root: string; inside: string }[] {
  const parts = path.split('/')
  return parts.slice(1, 40).flatMap((_, index) => {
    const inside = parts.slice(index + 2).join('/')
    return inside ? [{ root: parts.slice(0, index + 2).join('/'), inside }] : []
  })
}
