import { spawn } from 'node:child_process'

export interface ToolResult {
  /** 127 when it could not be started. */
  status: number
  /** Its output on both streams; only the end when it is long. */
  text: string
}

const mostText = 64 * 1024

/** Runs a helper program to its end, without a terminal. Never throws. */
export function tool(
  program: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string | undefined>> },
): Promise<ToolResult> {
  return new Promise((resolve) => {
    let text = ''
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text = (text + chunk.toString('utf8')).slice(-mostText)
      })
    child.on('error', (error) => resolve({ status: 127, text: error.message }))
    child.on('close', (status) => resolve({ status: status ?? 128, text }))
  })
}
