import { Readable, Writable } from 'node:stream'
import { main } from '../../src/cli/main.ts'
import { type Context, contextOf } from '../../src/context.ts'
import { entry, type Ran, type TestRepository } from './repository.ts'

interface Options {
  cwd?: string
  env?: Record<string, string>
  input?: string
  now?: Date
  /** Standard output and error are a terminal of so many columns. */
  columns?: number
}

/**
 * git prov on a repository, in this process: the command line is read, run and printed as the program does it, without
 * the start of one. Hooks and what goes on in the background still start `dist`.
 */
export function inProcess(test: TestRepository, options: Options = {}) {
  const prov = (...words: string[]) => runMain(test, words, options)
  const ok = async (...words: string[]) => {
    const { status, stdout, stderr } = await prov(...words)
    if (status !== 0) throw new Error(`git prov ${words.join(' ')}: ${status}\n${stderr}${stdout}`)
    return stdout
  }
  return {
    prov,
    /** git prov, which must succeed, and what it printed. */
    ok,
    show: async (commit = 'HEAD') => JSON.parse(await ok('show', commit, '--json')),
    log: async (...words: string[]) =>
      (await ok('log', '--json', ...words))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  }
}

// They hand on the streams of their process, and end as the command ended: by a signal, too.
const needProcess = ['run', 'replay', 'hook']

async function runMain(test: TestRepository, words: string[], options: Options): Promise<Ran> {
  if (needProcess.includes(words[0] as string)) throw new Error(`git prov ${words[0]} is to be tested as a process`)
  const { cwd = test.path, env, input = '', now, columns } = options
  const [stdout, stderr] = [captured(columns), captured(columns)]
  const context: Context = contextOf({
    cwd,
    env: { ...test.env, ...env },
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    now: () => now ?? new Date(),
    program: entry,
  })
  const status = await main(words, context)
  return { status, stdout: stdout.text(), stderr: stderr.text() }
}

/** A stream that keeps what is written to it. */
function captured(columns: number | undefined) {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  return {
    stream: columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns }),
    text: () => Buffer.concat(chunks).toString('utf8'),
  }
}
