// Does once what people do every day, so that dist holds the compiled code of it (build/start.cjs). What fails here
// costs time later, and nothing else.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist')
const home = mkdtempSync(join(tmpdir(), 'git-prov-warm-'))
const env = {
  PATH: process.env.PATH,
  HOME: home,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Build',
  GIT_AUTHOR_EMAIL: 'build@example.org',
  GIT_COMMITTER_NAME: 'Build',
  GIT_COMMITTER_EMAIL: 'build@example.org',
  GIT_PROV_KEEP_CODE: '1',
}
const git = (...words) => spawnSync('git', words, { cwd: home, env, stdio: 'ignore' })
const provIn = (cwd, ...words) =>
  spawnSync(process.execPath, [join(dist, 'git-prov.js'), ...words], { cwd, env, stdio: 'ignore' })
const prov = (...words) => provIn(home, ...words)

function write(path, text) {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), text)
}

/** A second clone, what each hears of the other, and a sync with nothing new. */
function share() {
  const [hub, other] = [join(home, 'hub.git'), join(home, 'other')]
  git('clone', '--quiet', '--bare', home, hub)
  git('remote', 'add', 'origin', hub)
  prov('init', '--quiet', '--remote', 'origin')
  git('clone', '--quiet', hub, other)
  for (const cwd of [home, other, home, other, home, home]) {
    provIn(cwd, 'init', '--quiet', '--remote', 'origin')
    spawnSync('git', ['commit', '--quiet', '--allow-empty', '-m', 'shared'], { cwd, env, stdio: 'ignore' })
    provIn(cwd, 'sync', '--quiet')
  }
  spawnSync('git', ['fetch', '--quiet'], { cwd: other, env, stdio: 'ignore' })
  spawnSync(process.execPath, [join(dist, 'hook.cjs'), 'post-merge'], { cwd: other, env, stdio: 'ignore' })
  provIn(other, 'sync', '--quiet')
  provIn(other, 'sync', '--quiet')
}

try {
  git('init', '--quiet', '--initial-branch=main')
  write('data/a.csv', 'a,b\n1,2\n')
  write('params.json', '{"lr": 0.1}\n')
  prov('init', '--quiet', '--dataset', 'data=data', '--no-remote')
  git('add', '--all')
  git('commit', '--quiet', '-m', 'first')
  write('data/a.csv', 'a,b\n1,3\n')
  git('commit', '--quiet', '-am', 'changed')
  git('commit', '--quiet', '--allow-empty', '-m', 'unchanged')
  git('commit', '--quiet', '--amend', '--allow-empty', '-m', 'amended')
  prov('run', '--', process.execPath, '-e', '0')
  for (const line of [
    '--help',
    'log',
    'log --oneline -n 50',
    'show HEAD',
    'status',
    'runs',
    'verify',
    'check',
    'why HEAD',
  ])
    prov(...line.split(' '))
  share()
} finally {
  rmSync(home, { recursive: true, force: true })
}
