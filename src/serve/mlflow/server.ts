import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf, ProvError } from '../../core/errors.ts'
import { ArtifactFolders } from './artifact-folders.ts'
import { MlflowError } from './error.ts'
import { type Fields, isFields } from './fields.ts'
import { MlflowJournal } from './journal.ts'
import { type MlflowResult, mlflowResult } from './result.ts'
import type { Endpoint } from './route.ts'
import { findRoute } from './routes.ts'
import { MlflowStore } from './store.ts'

const maxBody = 64 * 1024 * 1024

export interface MlflowServerOptions {
  /** The file that every change is appended to. */
  journal: string
  /** The folder that clients write artifacts to, absolute. Made when they do. */
  artifactRoot: string
  /** 0, any free one, where not given. */
  port?: number
}

export interface MlflowServer {
  /** Variables for the command: where to log, and not to print where that was. */
  env: { MLFLOW_TRACKING_URI: string; MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true' }
  /** Whether any client came. */
  used(): boolean
  result(): MlflowResult
  stop(): Promise<void>
}

/**
 * Serves MLflow's tracking REST API on a loopback port. Other users of the machine can reach the port: a path that
 * cannot be guessed keeps them out. Throws `io` when it cannot listen or write its journal.
 */
export async function startMlflowServer({
  journal: path,
  artifactRoot,
  port = 0,
}: MlflowServerOptions): Promise<MlflowServer> {
  const token = randomBytes(24).toString('base64url')
  const journal = openJournal(path)
  const store = new MlflowStore((event) => journal.append(event))
  const folders = new ArtifactFolders(artifactRoot)
  const endpoint: Endpoint = { store, folders, now: Date.now }
  let used = false
  const server = createServer(
    { keepAliveTimeout: 0, requestTimeout: 300_000, headersTimeout: 60_000 },
    (request, response) => {
      answer(request, response, token, endpoint).then((good) => {
        used ||= good
      })
    },
  )
  server.maxHeadersCount = 100
  const { port: listening } = await listen(server, port).catch((error) => {
    journal.close()
    throw error
  })
  return {
    env: {
      MLFLOW_TRACKING_URI: `http://127.0.0.1:${listening}/${token}`,
      MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
    },
    used: () => used,
    result() {
      const result = mlflowResult(store, artifactRoot)
      if (journal.problem) result.problems.push({ path: 'mlflow', reason: `journal: ${journal.problem}` })
      return result
    },
    async stop() {
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      folders.release()
      journal.close()
    },
  }
}

function openJournal(path: string): MlflowJournal {
  try {
    return new MlflowJournal(path)
  } catch (error) {
    throw new ProvError('io', `the MLflow endpoint cannot write ${path}: ${messageOf(error)}`, { cause: error })
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<AddressInfo> {
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

/** False when the request did not come from a client of ours. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  endpoint: Endpoint,
): Promise<boolean> {
  try {
    const { path, query } = admit(request, token)
    const plain = request.method === 'GET' && (path === '/health' || path === '/version')
    if (plain) send(response, 200, path === '/health' ? 'OK' : '3.0.0', 'text/plain')
    else send(response, 200, JSON.stringify(await handle(request, path, query, endpoint)))
    return true
  } catch (error) {
    const known = error instanceof MlflowError ? error : new MlflowError('INTERNAL_ERROR', messageOf(error))
    // What is left of a refused body is not read.
    if (!request.complete) response.setHeader('connection', 'close')
    send(response, known.status, known.body)
    return !(known.errorCode === 'PERMISSION_DENIED')
  }
}

/** The path below the token, for a request that knows it and was not made by a web page. */
function admit(request: IncomingMessage, token: string): { path: string; query: URLSearchParams } {
  const [full = '', query = ''] = (request.url ?? '').split(/\?(.*)/s)
  const [, given = '', ...rest] = full.split('/')
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  const local = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')
  if (!local || request.headers.origin !== undefined || a.length !== b.length || !timingSafeEqual(a, b))
    throw new MlflowError('PERMISSION_DENIED', 'this endpoint serves the command that git prov run started')
  return { path: `/${rest.join('/')}`, query: new URLSearchParams(query) }
}

const api = /^\/+(?:ajax-)?api\/[23]\.0\/mlflow\/(.*)$/

async function handle(
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  endpoint: Endpoint,
): Promise<unknown> {
  const method = request.method ?? 'GET'
  const below = api.exec(path)?.[1]
  if (below === undefined) throw new MlflowError('ENDPOINT_NOT_FOUND', `git-prov does not serve ${path.slice(0, 200)}`)
  const { handler, ids } = findRoute(method, below)
  const body = method === 'GET' ? {} : parseBody(await readBody(request))
  return handler({ ...fieldsOf(query), ...body }, endpoint, ...ids)
}

function fieldsOf(query: URLSearchParams): Fields {
  const entries = [...new Set(query.keys())].map((key) => {
    const values = query.getAll(key)
    return [key, values.length === 1 ? values[0] : values] as const
  })
  return Object.fromEntries(entries)
}

function parseBody(body: Buffer): Fields {
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (isFields(value)) return value
  } catch {
    // told below
  }
  throw new MlflowError('BAD_REQUEST', 'the body must be a JSON object')
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBody) throw new MlflowError('INVALID_PARAMETER_VALUE', `the body is longer than ${maxBody} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function send(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}
