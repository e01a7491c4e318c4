import { importCommits, type NewCommit } from '../../src/git/objects/fast-import.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { append } from '../../src/ledger/append/fold.ts'
import { initLedger } from '../../src/ledger/append/init.ts'
import { ensureDir, localDir } from '../../src/ledger/local/local-dir.ts'
import { joinRemotes } from '../../src/ledger/share/join.ts'
import { recordPath } from '../../src/records/layout.ts'
import { capture } from './records.ts'
import { gitRepository, type TestRepository } from './repository.ts'

const ident = 'Mei <mei@example.org> 1 +0000'
export const oidOf = (n: number) => n.toString(16).padStart(40, '0').split('').reverse().join('')
const recordOf = (n: number) => capture({ about: { commit: oidOf(n), tree: oidOf(n), parents: [] } })
export const pathOf = (n: number) => recordPath('capture', recordOf(n).record.time, recordOf(n).id)

/** A repository with a branch of its own, driven by the ledger's own functions. */
export class Replica {
  readonly repository

  constructor(readonly test: TestRepository) {
    this.repository = locateRepository(test.path, test.env)
    ensureDir(localDir(this.repository).cache)
  }

  async add(...ns: number[]): Promise<this> {
    const entries = ns.map((n) => ({ record: recordOf(n) }))
    await append(this.repository, entries, { ident, deadline: Date.now() + 20_000 })
    return this
  }

  /** A commit of any content on the branch, as another version or a person by hand would make it. */
  async write(change: Partial<NewCommit>): Promise<string> {
    const parents = [this.tip()]
    const [commit] = await importCommits(this.repository, [
      { ident, message: 'x\n', parents, files: new Map(), ...change },
    ])
    this.test.git('update-ref', 'refs/heads/prov', commit as string)
    return commit as string
  }

  /** Hears of another replica's branch, as a fetch would bring it, and joins. */
  async hear(other: Replica): Promise<Awaited<ReturnType<typeof joinRemotes>>> {
    this.fetch(other)
    return await joinRemotes(this.repository)
  }

  fetch(other: Replica): void {
    this.test.git('fetch', '--quiet', other.test.path, '+refs/heads/prov:refs/remotes/other/prov')
  }

  tip = () => this.test.git('rev-parse', 'prov')
  tree = () => this.test.git('rev-parse', 'prov^{tree}')
  has = (path: string) => this.test.run('git', ['cat-file', '-e', `prov:${path}`]).status === 0
}

export async function replicas(): Promise<[Replica, Replica, Replica]> {
  const pair = [0, 1, 2].map(() => new Replica(gitRepository())) as [Replica, Replica, Replica]
  for (const { repository } of pair) await initLedger(repository)
  return pair
}
