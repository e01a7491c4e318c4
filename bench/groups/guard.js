import { join } from 'node:path'
import { withProvenance } from '../commands.js'
import { addCaptures, git, loadKit, prov, work } from '../fixtures.js'
import { median, time } from '../measure.js'

/** A push of 1,000 records to a server with the guard, which verifies every one before accepting the push. */
export async function guard() {
  const cwd = withProvenance('guard', 20)
  git(cwd, 'branch', 'before', 'prov')
  addCaptures(await loadKit(), cwd, 1000)
  const rounds = [0, 1, 2].map((round) => {
    const server = join(work, `guard-server-${round}`)
    git(cwd, 'init', '--quiet', '--bare', server)
    git(cwd, 'push', '--quiet', '--no-verify', server, 'main', 'before:refs/heads/prov')
    prov(server, 'guard', 'install')
    return time({ program: 'git', args: ['push', '--quiet', '--no-verify', server, 'prov'], cwd })
  })
  return [{ what: 'push of 1,000 records to a server with the guard', value: median(rounds), limit: 5, unit: 's' }]
}
