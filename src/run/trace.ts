import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { messageOf } from '../base/errors.ts'
import { type Missing, missing } from '../base/missing.ts'
import { byteString, fsPath, pathText } from '../base/path-text.ts'
import type { FileTrace } from '../execute/file-trace.ts'
import type { Trace } from '../generated/types.ts'
import { runFile } from './active-runs.ts'
import type { NamedPath } from './files.ts'
import type { Session } from './session.ts'

// Not worth tracing: git's own files, installed packages, interpreter caches.
const notOfTheProject =
  /(^|\/)(\.git|\.venv|venv|node_modules|__pycache__|site-packages|\.pytest_cache|\.ipynb_checkpoints)(\/|$)/

/** Starts tracing for --trace, or returns why that is not possible here. */
export async function beginTrace(session: Session, runId: string, program: string): Promise<FileTrace | Missing> {
  const { repository, local, context } = session
  if (!isThere(program, context)) return missing('not traced: there is no such program')
  const top = `${byteString(repository.workTree)}/`
  const keep = (path: string) => path.startsWith(top) && !notOfTheProject.test(path.slice(top.length))
  try {
    const { FileTrace } = await import('../execute/file-trace.ts')
    return new FileTrace(runFile(local, runId, 'trace'), byteString(context.cwd), keep)
  } catch (error) {
    return missing(`not traced: ${messageOf(error)}`.slice(0, 1024))
  }
}

/** Checked here because strace reports a missing program differently from a shell. */
function isThere(program: string, { cwd, env }: Session['context']): boolean {
  if (program.includes('/')) return existsSync(resolve(cwd, program))
  return (env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}

/** What a trace adds to a run: its record, and the undeclared files it names. */
export interface Traced {
  trace: Trace | Missing
  inputs: NamedPath[]
  outputs: NamedPath[]
}

const mostNamed = 1000

export async function endTrace({ repository }: Session, started: FileTrace | Missing): Promise<Traced> {
  if ('missing' in started) return { trace: started, inputs: [], outputs: [] }
  const { read, written } = await started.finish()
  const top = `${byteString(repository.workTree)}/`
  // A temporary file is not an output.
  const left = [...written].filter((path) => existsSync(fsPath(path)))
  const used = [...read].filter((path) => !written.has(path) && existsSync(fsPath(path)))
  const named = (paths: readonly string[]) =>
    paths.map((path) => pathText(path.slice(top.length)).slice(0, 4096)).sort()
  const list = (paths: readonly string[]): NamedPath[] =>
    named(paths)
      .slice(0, mostNamed)
      .map((path) => ({ path, declared: 'trace' }))
  return {
    trace: { tool: 'strace', read: named(used), written: named(left) },
    inputs: list(used),
    outputs: list(left),
  }
}
