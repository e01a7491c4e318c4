import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll } from 'vitest'
import { gitRepository, TestRepository, temporaryFolder } from './repository.ts'

/** A server of bare repositories over git's smart HTTP protocol, on a loopback port: git http-backend as CGI (RFC 3875). */
export class GitServer {
  readonly folder = temporaryFolder()
  readonly #server = createServer((request, response) => this.#serve(request, response))
  /** While true every request is dropped, as by a server that is away. */
  away = false
  /** While this is a list every request is put there unanswered, as by a server that takes its time. */
  held: (() => void)[] | undefined
  /** Requests seen: method and path. */
  readonly requests: string[] = []

  static async start(): Promise<GitServer> {
    const server = new GitServer()
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    afterAll(() => server.stop())
    return server
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  url(name: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}.git`
  }

  /** Makes a bare repository that takes pushes. */
  create(name: string): TestRepository {
    const maker = gitRepository()
    maker.git('init', '--quiet', '--bare', '--initial-branch=main', join(this.folder, `${name}.git`))
    const bare = new TestRepository(join(this.folder, `${name}.git`), maker.env)
    bare.git('config', 'http.receivepack', 'true')
    bare.git('config', 'uploadpack.allowFilter', 'true')
    return bare
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`)
    if (this.away) return void request.socket.destroy()
    if (this.held) return void this.held.push(() => this.#answer(request, response))
    this.#answer(request, response)
  }

  /** Answers what was held, and what comes from now on. */
  release(): void {
    const held = this.held ?? []
    this.held = undefined
    for (const answer of held) answer()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const [path = '', query = ''] = (request.url ?? '').split('?')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
      this.#run(request, response, path, query, plain)
    })
  }

  #run(request: IncomingMessage, response: ServerResponse, path: string, query: string, body: Buffer): void {
    const child = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env.PATH ?? '',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_PROJECT_ROOT: this.folder,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'tester',
        REQUEST_METHOD: request.method ?? 'GET',
        PATH_INFO: decodeURIComponent(path),
        QUERY_STRING: query,
        CONTENT_TYPE: String(request.headers['content-type'] ?? ''),
        CONTENT_LENGTH: String(body.length),
      },
    })
    const out: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stdin.on('error', () => {})
    child.stdin.end(body)
    child.on('close', () => reply(response, Buffer.concat(out)))
  }
}

function reply(response: ServerResponse, bytes: Buffer): void {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return void response.writeHead(500).end()
  const headers = bytes.toString('latin1', 0, end).split('\r\n')
  let status = 200
  for (const line of headers) {
    const [name = '', value = ''] = line.split(/: (.*)/s)
    if (name === 'Status') status = Number.parseInt(value, 10)
    else response.setHeader(name, value)
  }
  response.writeHead(status).end(bytes.subarray(end + 4))
}
