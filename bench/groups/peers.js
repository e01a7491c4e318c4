import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commit, plainCommit, script, withProvenance } from '../commands.js'
import { git, repository, work } from '../fixtures.js'
import { env, has, roundRobin, time } from '../measure.js'

const noOp = `repos:
- repo: local
  hooks:
  - {id: none, name: none, entry: "true", language: system, always_run: true, pass_filenames: false}
`

/** What each tool adds to a plain commit. */
function preCommit(ours) {
  const what = 'what the hook adds, against pre-commit with one no-op hook'
  if (!has('pre-commit')) return { what, note: 'not installed: pip install pre-commit' }
  const cwd = repository('pre-commit')
  writeFileSync(join(cwd, '.pre-commit-config.yaml'), noOp)
  git(cwd, 'add', '--all')
  execFileSync('pre-commit', ['install'], { cwd, env, stdio: 'ignore' })
  const times = roundRobin({ ours: commit(ours), theirs: commit(cwd), plain: plainCommit(ours) }, 7)
  const value = (times.ours - times.plain) / (times.theirs - times.plain)
  return { what, value, limit: 0.5, unit: 'x' }
}

/** The whole time to save one changed file: datalad has no plain commit to subtract. */
function datalad(ours) {
  const what = 'add and commit with hook, against datalad save'
  if (!has('datalad')) return { what, note: 'not installed: pip install datalad, and git-annex' }
  const cwd = join(work, 'datalad')
  execFileSync('datalad', ['create', '-c', 'text2git', cwd], { env, stdio: 'ignore' })
  let n = 0
  const changed = (folder, command) => () => {
    n += 1
    writeFileSync(join(folder, 'a.txt'), `${n}\n`)
    return time(command)
  }
  const own = changed(ours, script(ours, 'git add a.txt && git commit --quiet -m x'))
  const save = changed(cwd, { program: 'datalad', args: ['save', '-m', 'x'], cwd })
  const times = roundRobin({ own, save }, 5)
  return { what, value: times.own / times.save, limit: 0.4, unit: 'x' }
}

export async function peers() {
  const ours = withProvenance('ours')
  return [preCommit(ours), datalad(ours)]
}
