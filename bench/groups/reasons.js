import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cli, withProvenance } from '../commands.js'
import { addCaptures, git, loadKit } from '../fixtures.js'
import { env, node, roundRobin } from '../measure.js'

const file = 'train.py'
const lines = 300

/** main with `count` commits that each change one line of a 300-line file. */
function addLineChanges(cwd, count) {
  const text = Array.from({ length: lines }, (_, n) => `line ${n}`)
  const chunks = []
  for (let n = 0; n < count; n++) {
    text[(n * 7) % lines] = `line ${n} again`
    const body = `${text.join('\n')}\n`
    const ident = `Bench <bench@example.org> ${1_700_000_000 + n * 60} +0000`
    const message = `change ${n}`
    chunks.push(
      `commit refs/heads/main\nauthor ${ident}\ncommitter ${ident}\ndata ${message.length}\n${message}\n${n === 0 ? `from ${git(cwd, 'rev-parse', 'HEAD')}\n` : ''}M 100644 inline ${file}\ndata ${body.length}\n${body}\n`,
    )
  }
  const result = spawnSync('git', ['fast-import', '--quiet', '--force', '--date-format=raw'], {
    cwd,
    env,
    input: chunks.join(''),
    maxBuffer: 1 << 30,
  })
  if (result.status !== 0) throw new Error(`fast-import: ${result.stderr}`)
  git(cwd, 'reset', '--quiet', '--hard')
}

function addDecisions(cwd, count) {
  mkdirSync(join(cwd, 'decisions'), { recursive: true })
  for (let n = 0; n < count; n++)
    writeFileSync(
      join(cwd, `decisions/2026-01-01-choice-${n}.yaml`),
      `title: Choice ${n}\nstatus: accepted\ncontext: x\nwhy: y\n`,
    )
  git(cwd, 'add', '--all')
  git(cwd, 'commit', '--quiet', '-m', 'decisions')
}

/** `git prov why` against git blame, and `git prov pr` over a hundred commits. */
export async function reasons() {
  const why = withProvenance('why', 20)
  addLineChanges(why, 10_000)
  addDecisions(why, 20)
  git(why, 'gc', '--quiet')
  const blame = { program: 'git', args: ['blame', '--porcelain', file], cwd: why }
  const asked = { ...cli(why, 'why', `${file}:150`), status: 1 }
  const line = roundRobin({ node, blame, asked }, 9)

  const pr = withProvenance('pr', 1000)
  addDecisions(pr, 20)
  git(pr, 'branch', 'base')
  addCaptures(await loadKit(), pr, 100)
  const comment = roundRobin({ node, ours: cli(pr, 'pr', '--base', 'base') }, 9)
  return [
    {
      what: 'git prov why FILE:LINE at 10,000 commits, less 1.3 x git blame of the file',
      value: (line.asked - 1.3 * line.blame) / line.node,
      limit: 4,
      unit: 'N',
    },
    { what: 'git prov pr over 100 commits', value: comment.ours / comment.node, limit: 8, unit: 'N' },
  ]
}
