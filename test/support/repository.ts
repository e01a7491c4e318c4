import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { inject } from 'vitest'

export const entry = resolve(import.meta.dirname, '../../dist/git-prov.js')
export const hookEntry = resolve(import.meta.dirname, '../../dist/hook.cjs')

export interface Ran {
  status: number
  stdout: string
  stderr: string
}

/** A new folder, which is gone when all tests are (test/support/folder.ts). */
export const temporaryFolder = (): string => mkdtempSync(join(inject('folder'), 'test-'))

/** No configuration but the test's own, and a person to commit as. */
function testEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Mei Chen',
    GIT_AUTHOR_EMAIL: 'mei@example.org',
    GIT_COMMITTER_NAME: 'Mei Chen',
    GIT_COMMITTER_EMAIL: 'mei@example.org',
    GIT_EDITOR: 'true',
    LC_ALL: 'C',
  }
}

/** A real repository in a temporary folder, and the real git and git-prov to use on it. */
export class TestRepository {
  readonly path: string
  readonly env: Record<string, string>

  constructor(path: string, env: Record<string, string>) {
    this.path = path
    this.env = env
  }

  run(
    program: string,
    args: readonly string[],
    options: { input?: string; env?: Record<string, string>; cwd?: string } = {},
  ): Ran {
    const result = spawnSync(program, args, {
      cwd: options.cwd ?? this.path,
      env: { ...this.env, ...options.env },
      input: options.input ?? '',
      encoding: 'utf8',
      timeout: 60_000,
      maxBuffer: 1 << 30,
    })
    if (result.error) throw result.error
    return { status: result.status ?? -1, stdout: result.stdout, stderr: result.stderr }
  }

  /** The same without waiting for it: a server in this process can answer meanwhile. */
  start(program: string, args: readonly string[]): Promise<Ran> {
    const child = spawn(program, args, { cwd: this.path, env: this.env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ran: Ran = { status: -1, stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      ran.stdout += chunk.toString('utf8')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      ran.stderr += chunk.toString('utf8')
    })
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status) => resolve({ ...ran, status: status ?? -1 }))
    })
  }

  /** git, which must succeed. Its output without the last newline. */
  git(...args: string[]): string {
    const result = this.run('git', args)
    if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}${result.stdout}`)
    return result.stdout.replace(/\n$/, '')
  }

  prov(...args: string[]): Ran {
    return this.run(process.execPath, [entry, ...args])
  }

  /** git prov, which must succeed, and what it printed. */
  ok(...args: string[]): string {
    const result = this.prov(...args)
    if (result.status !== 0)
      throw new Error(`git prov ${args.join(' ')}: ${result.status}\n${result.stderr}${result.stdout}`)
    return result.stdout
  }

  write(files: Record<string, string | Buffer>): this {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
    return this
  }

  /** Commits everything and returns the commit. */
  commit(message: string, files: Record<string, string | Buffer> = {}): string {
    this.write(files)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '-m', message)
    return this.head()
  }

  head(): string {
    return this.git('rev-parse', 'HEAD')
  }

  /** The note lines of a commit as objects. */
  notes(commit = 'HEAD'): { kind: string; id: string; [key: string]: unknown }[] {
    const result = this.run('git', ['notes', '--ref=prov', 'show', commit])
    return result.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  }

  captures(commit = 'HEAD') {
    return this.notes(commit).filter(({ kind }) => kind === 'capture')
  }

  /** Every path on the branch. */
  branch(...under: string[]): string[] {
    return this.git('ls-tree', '-r', '--name-only', 'prov', ...under)
      .split('\n')
      .filter(Boolean)
  }

  /** Every object that provenance refs reach, as one text. */
  ledgerText(): string {
    const refs = this.git('for-each-ref', '--format=%(refname)', 'refs/heads/prov', 'refs/notes/', 'refs/prov/')
    const names = this.git('rev-list', '--objects', ...refs.split('\n').filter(Boolean))
      .split('\n')
      .map((line) => line.split(' ')[0])
    return this.run('git', ['cat-file', '--batch'], { input: `${names.join('\n')}\n` }).stdout
  }

  show(commit = 'HEAD') {
    return JSON.parse(this.ok('show', commit, '--json'))
  }

  log(...args: string[]) {
    return this.ok('log', '--json', ...args)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  }
}

/** A fresh repository; `files` are written but not committed. */
export function gitRepository(files: Record<string, string | Buffer> = {}, ...initArgs: string[]): TestRepository {
  const home = temporaryFolder()
  const repository = new TestRepository(join(home, 'repository'), testEnvironment(home))
  mkdirSync(repository.path)
  repository.git('init', '--quiet', '--initial-branch=main', ...initArgs)
  return repository.write(files)
}

/** The same with provenance set up and the files committed: made once for the same files, then copied. */
export function provRepository(files: Record<string, string | Buffer> = { 'data/train/a.csv': 'a\n' }): TestRepository {
  const name = JSON.stringify(files)
  const first = templates.get(name) ?? withProvenance(files)
  templates.set(name, first)
  const home = temporaryFolder()
  const path = join(home, 'repository')
  cpSync(first.path, path, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  // Each clone has a key of its own.
  writeFileSync(join(path, '.git/prov/redaction.key'), `${randomBytes(32).toString('hex')}\n`)
  return new TestRepository(path, testEnvironment(home))
}

/** For all test files that run in this process. */
const templates = new Map<string, TestRepository>()

function withProvenance(files: Record<string, string | Buffer>): TestRepository {
  const repository = gitRepository(files)
  repository.ok('init')
  repository.commit('Baseline')
  return repository
}

/** Another clone of a repository, on the same machine. */
export function cloneOf(origin: TestRepository, ...args: string[]): TestRepository {
  const path = join(temporaryFolder(), 'clone')
  origin.git('clone', '--quiet', ...args, origin.path.startsWith('/') ? `file://${origin.path}` : origin.path, path)
  return new TestRepository(path, origin.env)
}
