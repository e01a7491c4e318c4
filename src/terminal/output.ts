import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import type { Context } from '../context.ts'
import { tryGit } from '../git/run.ts'

/** Output of a command that may print a lot: through git's pager on a terminal, else directly. */
export interface Output {
  stream: Writable
  colour: boolean
  /** Resolves to false when the reader has gone. */
  write(text: string): Promise<boolean>
  end(): Promise<void>
}

/** git's own rules: GIT_PAGER, core.pager, PAGER; pager.prov; color.ui, color.prov; NO_COLOR. */
export function openOutput(context: Context, wanted?: boolean): Output {
  const terminal = context.stdout.isTTY === true
  const colour = wanted ?? (terminal && !context.env.NO_COLOR && usesColour(context))
  const pager = terminal ? pagerOf(context) : undefined
  return pager ? paged(context, pager, colour) : direct(context, colour)
}

/** Opens a file in the user's editor (git-var(1), GIT_EDITOR) and waits until it exits. */
export async function openEditor(context: Context, path: string): Promise<void> {
  const editor = tryGit(placeOf(context), ['var', 'GIT_EDITOR']).stdout.toString('utf8').trim()
  if (editor === '' || editor === ':') return
  const child = spawn('sh', ['-c', `${editor} "$@"`, editor, path], {
    cwd: context.cwd,
    env: context.env as NodeJS.ProcessEnv,
    stdio: 'inherit',
  })
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (status !== 0) context.stderr.write(`prov: the editor ended with ${status}; the file stays as it is\n`)
}

function usesColour(context: Context): boolean {
  return (
    tryGit(placeOf(context), ['config', '--get-colorbool', 'color.prov', 'true']).stdout.toString('utf8').trim() ===
    'true'
  )
}

function placeOf(context: Context) {
  const repository = context.repository()
  return { cwd: repository.cwd, env: { ...repository.env, TERM: context.env.TERM ?? 'dumb' } }
}

function pagerOf(context: Context): string | undefined {
  if (context.env.GIT_PAGER_IN_USE) return undefined
  const asked = context.env.GIT_PAGER ?? tryGit(placeOf(context), ['var', 'GIT_PAGER']).stdout.toString('utf8').trim()
  return asked === '' || asked === 'cat' ? undefined : asked
}

function paged(context: Context, pager: string, colour: boolean): Output {
  const env = { LESS: 'FRX', LV: '-c', ...context.env, GIT_PAGER_IN_USE: 'true' }
  const child = spawn('sh', ['-c', pager], { stdio: ['pipe', 'inherit', 'inherit'], env })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const output = writing(child.stdin, colour)
  const end = async () => {
    child.stdin.end()
    await ended
  }
  return { ...output, end }
}

function direct(context: Context, colour: boolean): Output {
  return { ...writing(context.stdout, colour), end: async () => {} }
}

function writing(stream: Writable, colour: boolean): Omit<Output, 'end'> {
  let open = true
  stream.on('error', () => {
    open = false
  })
  return {
    stream,
    colour,
    async write(text) {
      if (!open || stream.destroyed) return false
      if (!stream.write(text)) {
        await new Promise<void>((resolve) => {
          stream.once('drain', resolve)
          stream.once('close', resolve)
          stream.once('error', () => resolve())
        })
      }
      return open
    },
  }
}
