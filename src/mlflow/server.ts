import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import type { MlflowServerOptions } from './options.ts'
import type { MlflowRequests } from './requests.ts'
import type { MlflowResult } from './result.ts'

export interface MlflowServer {
  /** Variables for the command: where to log, and not to print that URL. */
  env: { MLFLOW_TRACKING_URI: string; MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true' }
  /** What clients logged; undefined when none connected. */
  result(): MlflowResult | undefined
  stop(): Promise<void>
}

/**
 * Serves MLflow's tracking REST API on a loopback port. Most commands never use it, so until the first connection there
 * is only the port. Throws `io` when it cannot listen or write its journal.
 */
export async function startMlflowServer(options: MlflowServerOptions): Promise<MlflowServer> {
  const token = randomBytes(24).toString('base64url')
  tryJournal(options.journal)
  let requests: MlflowRequests | undefined
  const load = async () => {
    const { MlflowRequests: Requests } = await import('./requests.ts')
    requests ??= new Requests(options, token)
    return requests
  }
  const sockets = new Set<Socket>()
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}))
    load().then(
      (ready) => ready.take(socket),
      () => socket.destroy(),
    )
  })
  const { port } = await listen(server, options.port ?? 0)
  return {
    env: {
      MLFLOW_TRACKING_URI: `http://127.0.0.1:${port}/${token}`,
      MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
    },
    result: () => (requests?.used ? requests.result() : undefined),
    async stop() {
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
      requests?.close()
    },
  }
}

function tryJournal(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    closeSync(openSync(path, 'a', 0o600))
  } catch (error) {
    throw new ProvError('io', `the MLflow endpoint cannot write ${path}: ${messageOf(error)}`, { cause: error })
  }
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      const message = taken ? `port ${port} is taken` : `the MLflow endpoint cannot listen: ${messageOf(error)}`
      reject(
        new ProvError('io', message, {
          cause: error,
          hint: taken ? 'give another port, or none' : 'git prov run --no-mlflow',
        }),
      )
    })
    server.listen(port, '127.0.0.1', () => resolve(server.address() as AddressInfo))
  })
}
