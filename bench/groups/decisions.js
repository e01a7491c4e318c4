import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cli, withProvenance } from '../commands.js'
import { addCaptures, git, loadKit } from '../fixtures.js'
import { env, node, roundRobin } from '../measure.js'

const count = 1000
const slugOf = (n) => `choice-${n}`
const fileOf = (n) => `decisions/2026-01-${String((n % 28) + 1).padStart(2, '0')}-${slugOf(n)}.yaml`

/** A typical decision of about 2 KB, resting on a dataset, a commit and a file. */
const decision = (n, { digest, commit, file }) => `title: Choice ${n} about the rare class
status: accepted
date: 2026-01-01
role: trainer
deciders: [Mei Chen <mei@example.org>]
context: |
${'  The loss is dominated by easy examples, and the rare class is lost among them.\n'.repeat(8)}
hypotheses:
  - statement: focal loss ${n} helps the rare class
    competing: [its labels are wrong, there is too little of it]
criteria:
  - {metric: f1, at_least: 0.80, measured: mean of 3 seeds on data/val}
options:
  - {name: focal loss, pros: [no new data], cons: [one more parameter]}
  - {name: oversampling, pros: [simple], cons: [slower, overfits]}
chosen: focal loss
why: |
${'  It came out best of the three that were tried, by more than the spread of the seeds.\n'.repeat(5)}
risks: [calibration gets worse]
evidence:
  - {dataset: train, digest: ${digest}}
  - {commit: ${commit}}
  - {file: params.json, digest: ${file}}
${n > 0 ? `related: [${slugOf(n - 1)}]\n` : ''}`

export async function decisions() {
  const kit = await loadKit()
  const cwd = withProvenance('decisions', 20)
  addCaptures(kit, cwd, 100_000, 1000)
  git(cwd, 'commit', '--quiet', '--allow-empty', '-m', 'captured by the hook')
  const note = JSON.parse(git(cwd, 'notes', '--ref=prov', 'show', 'HEAD'))
  const evidence = {
    digest: note.datasets.train.digest,
    commit: git(cwd, 'rev-parse', 'HEAD'),
    file: createHash('sha256')
      .update(readFileSync(join(cwd, 'params.json')))
      .digest('hex'),
  }
  mkdirSync(join(cwd, 'decisions'))
  const texts = Array.from({ length: count }, (_, n) => decision(n, evidence))
  texts.forEach((text, n) => void writeFileSync(join(cwd, fileOf(n)), text))
  git(cwd, 'add', '--all')
  git(cwd, 'commit', '--quiet', '-m', 'decisions')
  record(kit, cwd, texts)
  git(cwd, 'gc', '--quiet')
  git(cwd, 'switch', '--quiet', '--create', 'topic')
  for (let n = 0; n < 10; n++) writeFileSync(join(cwd, fileOf(n)), `${texts[n]}revision: 2\nchanged: more\n`)
  git(cwd, 'commit', '--quiet', '--all', '-m', 'Ten decisions again')
  const all = cli(cwd, 'check')
  const changed = cli(cwd, 'check', '--base', 'main')
  const times = roundRobin({ node, all, changed }, 11)
  return [
    {
      what: 'git prov check of 1,000 decisions beside 100,000 records, index warm',
      value: times.all / times.node,
      limit: 8,
      unit: 'N',
    },
    { what: 'the same with --base, ten files changed', value: times.changed / times.node, limit: 4, unit: 'N' },
  ]
}

/** Records each decision, as merging its file does. */
function record(kit, cwd, texts) {
  const about = { commit: git(cwd, 'rev-parse', 'HEAD'), tree: git(cwd, 'rev-parse', 'HEAD^{tree}'), parents: [] }
  const files = texts.map((text, n) => {
    const stored = kit.buildRecord(
      {
        kind: 'decision',
        agent: { name: 'Bench', email: 'bench@example.org' },
        about,
        slug: slugOf(n),
        action: 'recorded',
        status: 'accepted',
        revision: 1,
        file: fileOf(n),
        digest: createHash('sha256').update(text).digest('hex'),
        decision: { title: `Choice ${n}`, status: 'accepted' },
      },
      new Date(1_770_000_000_000 + n * 60_000),
    )
    const path = kit.recordPath('decision', stored.record.time, stored.id)
    return `M 100644 inline ${path}\ndata ${Buffer.byteLength(stored.text)}\n${stored.text}\n`
  })
  const head = `commit refs/heads/prov\ncommitter Bench <bench@example.org> 1770000000 +0000\ndata 0\n\nfrom refs/heads/prov^0\n`
  const result = spawnSync('git', ['fast-import', '--quiet'], { cwd, env, input: `${head}${files.join('')}\n` })
  if (result.status !== 0) throw new Error(`fast-import: ${result.stderr}`)
}
