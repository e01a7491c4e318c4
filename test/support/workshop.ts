import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { digestOf } from '../../src/base/digest.ts'
import { environmentPath, recordPath } from '../../src/records/layout.ts'
import { buildRecord, type Capture, type ProvRecord, type StoredRecord } from '../../src/records/record.ts'
import type { TestRepository } from './repository.ts'

/** What a forged commit holds beside its first parent's tree. */
export interface Forged {
  /** Path to content, or to an entry of any mode. */
  add?: Record<string, string | Buffer | { mode: string; oid: string }>
  remove?: readonly string[]
  parents?: readonly string[]
  author?: string
  /** Signs with the repository's key. */
  sign?: boolean
}

/** Makes commits for the provenance branch that our own code would never make. */
export class Workshop {
  readonly repository: TestRepository

  constructor(repository: TestRepository) {
    this.repository = repository
  }

  tip(ref = 'refs/heads/prov'): string {
    return this.repository.git('rev-parse', ref)
  }

  blob(content: string | Buffer): string {
    const result = this.repository.run('git', ['hash-object', '-w', '--stdin'], { input: content as string })
    return result.stdout.trim()
  }

  /** A commit whose tree is its first parent's with some changes; none of git's own checks of names is in the way. */
  commit({ add = {}, remove = [], parents = [this.tip()], author = 'mei@example.org', sign = false }: Forged): string {
    const index = join(this.repository.path, '.git', `forge-${randomBytes(6).toString('hex')}`)
    const env = {
      ...this.repository.env,
      GIT_INDEX_FILE: index,
      GIT_AUTHOR_EMAIL: author,
      GIT_COMMITTER_EMAIL: author,
    }
    const git = (args: string[], input?: string) => {
      const result = this.repository.run('git', args, { env, ...(input !== undefined && { input }) })
      if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`)
      return result.stdout.trim()
    }
    git(parents[0] ? ['read-tree', parents[0]] : ['read-tree', '--empty'])
    const removed = remove.map((path) => `0 ${'0'.repeat(40)}\t${path}\0`)
    const added = Object.entries(add).map(([path, content]) => {
      const entry =
        typeof content === 'object' && 'mode' in content ? content : { mode: '100644', oid: this.blob(content) }
      return `${entry.mode} ${entry.oid}\t${path}\0`
    })
    git(['update-index', '-z', '--index-info'], [...removed, ...added].join(''))
    const tree = git(['write-tree', '--missing-ok'])
    return git([
      'commit-tree',
      ...(sign ? ['-S'] : []),
      ...parents.flatMap((parent) => ['-p', parent]),
      '-m',
      'x',
      tree,
    ])
  }

  /** A tree with one more entry of any name at its top, which the index would refuse. */
  oddName(name: string, content = 'x'): string {
    const entries = this.repository.run('git', ['ls-tree', '-z', this.tip()]).stdout
    const tree = this.repository.run('git', ['mktree', '-z'], {
      input: `${entries}100644 blob ${this.blob(content)}\t${name}\0`,
    })
    if (tree.status !== 0) throw new Error(tree.stderr)
    return this.repository.git('commit-tree', '-p', this.tip(), '-m', 'x', tree.stdout.trim())
  }

  /** A good capture of a commit that need not exist; `fields` go over it. */
  capture(fields: Record<string, unknown> = {}, salt = randomBytes(20).toString('hex')): StoredRecord {
    return buildRecord<Capture>(
      {
        kind: 'capture',
        agent: { name: 'Mei Chen', email: 'mei@example.org' },
        about: { commit: salt.slice(0, 40).padEnd(40, '0'), tree: 'b'.repeat(40), parents: [] },
        trigger: 'command',
        late: true,
        environment: { missing: 'captured late' },
        datasets: {},
        parameters: {},
        ...fields,
      } as Parameters<typeof buildRecord<Capture>>[0],
      new Date('2026-11-25T09:00:00.000Z'),
    )
  }

  /** Where a record lies. */
  place(stored: StoredRecord): Record<string, string> {
    return { [recordPath(stored.record.kind, stored.record.time, stored.id)]: stored.text }
  }

  /** Any text under the name its digest gives it, as a record of a kind. */
  placeText(text: string | Buffer, kind: ProvRecord['kind'] | string = 'capture'): Record<string, string | Buffer> {
    return { [recordPath(kind, '2026-11-25T09:00:00.000Z', digestOf(text))]: text }
  }

  environment(text: string): Record<string, string> {
    return { [environmentPath(digestOf(text))]: text }
  }
}
