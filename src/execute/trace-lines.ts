import { posix } from 'node:path'

/** Paths a command touched, as absolute byte strings. */
export interface Touched {
  read: Set<string>
  written: Set<string>
}

const mostPaths = 100_000

/**
 * Collects the files opened, executed, renamed and deleted from the output of strace (-f -y -e status=successful), line
 * by line. `keep` selects the paths that matter.
 */
export class TraceReader {
  readonly touched: Touched = { read: new Set(), written: new Set() }
  readonly #folders = new Map<string, string>()
  readonly #start: string
  readonly #keep: (path: string) => boolean

  constructor(start: string, keep: (path: string) => boolean) {
    this.#start = start
    this.#keep = keep
  }

  /** Reads one line of strace output, as a byte string; lines it does not understand are skipped. */
  line(text: string): void {
    const match = text.match(/^(\d+) +(\w+)\((.*)\) += \d+(?:<((?:[^<>\\]|\\.)*)>)?$/s)
    if (!match) return
    const [, pid = '', call = '', args = '', result] = match
    const folder = args.match(/^AT_FDCWD<((?:[^<>\\]|\\.)*)>/)?.[1]
    if (folder !== undefined) this.#folders.set(pid, unescapeBytes(folder))
    if (/^(open|openat|openat2|creat)$/.test(call) && result !== undefined)
      this.#open(call, args, unescapeBytes(result))
    else this.#other(pid, call, args)
  }

  #open(call: string, args: string, path: string): void {
    if (/O_DIRECTORY|O_PATH/.test(args)) return
    const writes = call === 'creat' || /O_WRONLY|O_RDWR/.test(args)
    if (writes) this.#add('written', path)
    if (!writes || (args.includes('O_RDWR') && !/O_TRUNC|O_CREAT/.test(args))) this.#add('read', path)
  }

  #other(pid: string, call: string, args: string): void {
    const paths = [...args.matchAll(/(?:(?:\d+|AT_FDCWD)<((?:[^<>\\]|\\.)*)>, )?"((?:[^"\\]|\\.)*)"/g)].map(
      ([, folder, path = '']) => this.#absolute(pid, folder, unescapeBytes(path)),
    )
    const [first, second] = paths
    if (call === 'execve' && first) this.#add('read', first)
    else if (call === 'chdir' && first) this.#folders.set(pid, first)
    else if (call === 'fchdir') this.#folders.set(pid, unescapeBytes(args.match(/^\d+<(.*)>$/)?.[1] ?? this.#start))
    else if (/^(rename|link)/.test(call) && first && second) {
      if (call.startsWith('rename')) this.touched.written.delete(first)
      this.#add('written', second)
    } else if (call === 'truncate' && first) this.#add('written', first)
  }

  #absolute(pid: string, folder: string | undefined, path: string): string {
    const base = folder === undefined ? (this.#folders.get(pid) ?? this.#start) : unescapeBytes(folder)
    return posix.resolve(base, path)
  }

  #add(set: keyof Touched, path: string): void {
    if (this.touched[set].size < mostPaths && this.#keep(path)) this.touched[set].add(path)
  }
}

const letters: Record<string, string> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f', a: '\x07', b: '\b' }

/** Decodes strace's C-style escapes (strace(1)) to bytes. */
function unescapeBytes(text: string): string {
  return text.replace(/\\(?:([0-7]{1,3})|x([0-9a-f]{2})|(.))/gs, (_, octal, hex, other: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return hex === undefined ? (letters[other] ?? other) : String.fromCharCode(Number.parseInt(hex, 16))
  })
}
