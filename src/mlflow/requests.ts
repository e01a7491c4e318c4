import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { messageOf } from '../base/errors.ts'
import { ArtifactFolders } from './artifact-folders.ts'
import { MlflowError } from './error.ts'
import { type Fields, isFields } from './fields.ts'
import { MlflowJournal } from './journal.ts'
import type { MlflowServerOptions } from './options.ts'
import { type MlflowResult, mlflowResult } from './result.ts'
import type { Endpoint } from './route.ts'
import { findRoute } from './routes.ts'
import { MlflowStore } from './store.ts'

const maxBody = 64 * 1024 * 1024

/** Serves the connections it is handed. An unguessable path keeps other processes out. */
export class MlflowRequests {
  /** Whether any request came from our command. */
  used = false
  readonly #journal: MlflowJournal
  readonly #endpoint: Endpoint
  readonly #http

  /** Throws when the journal cannot be opened. */
  constructor({ journal, artifactRoot, taken }: MlflowServerOptions, token: string) {
    this.#journal = new MlflowJournal(journal)
    const store = new MlflowStore((event) => this.#journal.append(event))
    this.#endpoint = { store, folders: new ArtifactFolders(artifactRoot, taken), now: Date.now }
    this.#http = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
      const good = await answer(request, response, token, this.#endpoint)
      this.used ||= good
    })
    this.#http.maxHeadersCount = 100
    this.#http.timeout = 300_000
  }

  take(socket: Socket): void {
    this.#http.emit('connection', socket)
    socket.resume()
  }

  result(): MlflowResult {
    const result = mlflowResult(this.#endpoint.store, this.#endpoint.folders.root)
    if (this.#journal.problem) result.problems.push({ path: 'mlflow', reason: `journal: ${this.#journal.problem}` })
    return result
  }

  close(): void {
    this.#endpoint.folders.release()
    this.#journal.close()
  }
}

/** False when the request did not come from our command. */
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
    // The rest of a rejected body is not read.
    if (!request.complete) response.setHeader('connection', 'close')
    send(response, known.status, known.body)
    return !(known.errorCode === 'PERMISSION_DENIED')
  }
}

/** The path below the token; rejects requests without the token, or made by a web page. */
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
    // reported below
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
