import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addCaptures, entry, git, loadKit, prov, repository, work } from './fixtures.js'
import { env, has, node, peakMebibytes, roundRobin, time } from './measure.js'

const rounds = 11
const commit = (cwd, ...config) => ({
  program: 'git',
  args: [...config, 'commit', '--quiet', '--allow-empty', '-m', 'x'],
  cwd,
})
const unhooked = ['-c', 'core.hooksPath=/dev/null']
const cli = (cwd, ...args) => ({ program: process.execPath, args: [entry, ...args], cwd })
const script = (cwd, text) => ({ program: 'sh', args: ['-c', text], cwd })

function withProvenance(name, files = 1000) {
  const cwd = repository(name, files)
  prov(cwd, 'init', '--quiet', '--dataset', 'train=data/train')
  git(cwd, 'add', '--all')
  git(cwd, 'commit', '--quiet', '-m', 'provenance')
  git(cwd, 'commit', '--quiet', '--allow-empty', '-m', 'warm')
  return cwd
}

/** What the hook adds to a commit, in starts of node. */
function added(times, name) {
  return (times[name] - times[`${name} plain`]) / times.node
}

const both = (name, cwd) => ({ [name]: commit(cwd), [`${name} plain`]: commit(cwd, ...unhooked) })

async function commits() {
  const kit = await loadKit()
  const small = withProvenance('small')
  const large = withProvenance('large')
  addCaptures(kit, large, 100_000, 1000)
  git(large, 'gc', '--quiet')
  const heavy = withProvenance('heavy')
  execFileSync(
    'sh',
    [
      '-c',
      'head -c 500000000 /dev/urandom >big.bin && git add big.bin && git -c core.hooksPath=/dev/null commit -qm big && git rm -q --cached big.bin && git -c core.hooksPath=/dev/null commit -qm nobig && rm big.bin && git -c pack.compression=0 repack -adq',
    ],
    { cwd: heavy, env },
  )
  for (const cwd of [large, heavy]) git(cwd, 'commit', '--quiet', '--allow-empty', '-m', 'warm')
  const times = roundRobin({ node, ...both('small', small), ...both('large', large), ...both('heavy', heavy) }, rounds)
  const base = added(times, 'small')
  const peak = peakMebibytes(commit(large))
  return [
    { what: 'commit with hook minus plain, 1,000 warm files (N = node -e 0)', value: base, limit: 2.5, unit: 'N' },
    {
      what: '  the same at 100,000 captures, against the small repository',
      value: added(times, 'large') / base,
      limit: 1.2,
      unit: 'x',
    },
    { what: '  the same beside a 500 MB pack', value: added(times, 'heavy') / base, limit: 1.2, unit: 'x' },
    ...(peak ? [{ what: '  peak memory at 100,000 captures', value: peak, limit: 80, unit: 'MiB' }] : []),
  ]
}

async function background() {
  const cwd = withProvenance('background')
  execFileSync('sed', ['-i', 's/mode: wait/mode: background/', 'prov.yaml'], { cwd })
  git(cwd, 'commit', '--quiet', '-am', 'background')
  const settled = (command) => () => {
    const seconds = time(command)
    execFileSync('sleep', ['0.3'])
    return seconds
  }
  const times = roundRobin({ hooked: settled(commit(cwd)), plain: settled(commit(cwd, ...unhooked)) }, 7)
  return [
    {
      what: 'commit in background mode, against a plain commit',
      value: times.hooked / times.plain,
      limit: 1.5,
      unit: 'x',
    },
  ]
}

async function peers() {
  const ours = withProvenance('ours', 50)
  const rows = []
  if (has('pre-commit')) {
    const cwd = repository('pre-commit', 50)
    writeFileSync(
      join(cwd, '.pre-commit-config.yaml'),
      'repos:\n- repo: local\n  hooks:\n  - {id: none, name: none, entry: "true", language: system, always_run: true, pass_filenames: false}\n',
    )
    git(cwd, 'add', '--all')
    execFileSync('pre-commit', ['install'], { cwd, env, stdio: 'ignore' })
    const times = roundRobin({ ours: commit(ours), theirs: commit(cwd) }, 7)
    rows.push({
      what: 'commit with hook, against pre-commit with one no-op hook',
      value: times.ours / times.theirs,
      limit: 0.5,
      unit: 'x',
    })
  } else rows.push({ what: 'commit with hook, against pre-commit', note: 'not installed: pip install pre-commit' })
  if (has('datalad')) {
    const cwd = join(work, 'datalad')
    execFileSync('datalad', ['create', '-c', 'text2git', cwd], { env, stdio: 'ignore' })
    let n = 0
    const save = () => {
      writeFileSync(join(cwd, 'a.txt'), `${n++}`)
      return time({ program: 'datalad', args: ['save', '-m', 'x'], cwd })
    }
    const own = () => {
      writeFileSync(join(ours, 'a.txt'), `${n++}`)
      return time(script(ours, 'git add a.txt && git commit -qm x'))
    }
    const times = roundRobin({ own, save }, 5)
    rows.push({
      what: 'add and commit with hook, against datalad save',
      value: times.own / times.save,
      limit: 0.4,
      unit: 'x',
    })
  } else rows.push({ what: 'commit with hook, against datalad save', note: 'not installed: apt-get install datalad' })
  return rows
}

async function fingerprint() {
  const kit = await loadKit()
  const folder = (name) => {
    const cwd = join(work, name)
    mkdirSync(cwd, { recursive: true })
    git(cwd, 'init', '--quiet')
    mkdirSync(join(cwd, 'data'))
    return cwd
  }
  const big = folder('big')
  execFileSync(
    'sh',
    [
      '-c',
      'head -c 2147483648 /dev/zero | openssl enc -aes-128-ctr -pass pass:x -nosalt -pbkdf2 2>/dev/null >data/big.bin',
    ],
    { cwd: big },
  )
  const small = folder('small-files')
  for (let i = 0; i < 20_000; i++) writeFileSync(join(small, `data/${i}`), Buffer.alloc(10_000, `${i} `))
  const many = folder('many-files')
  for (let d = 0; d < 500; d++) {
    mkdirSync(join(many, `data/${d}`))
    for (let i = 0; i < 200; i++) writeFileSync(join(many, `data/${d}/${i}`), `${d} ${i}`)
  }
  const measured = (cwd, cold) => async () => {
    if (cold) execFileSync('rm', ['-rf', '.git/prov'], { cwd })
    const repository_ = kit.locateRepository(cwd, env)
    const objects = new kit.ObjectReader(repository_)
    const start = process.hrtime.bigint()
    const found = await kit.fingerprintDatasets({
      repository: repository_,
      objects,
      commit: { oid: '0'.repeat(40) },
      datasets: [{ name: 'd', path: 'data' }],
      cacheDir: join(cwd, '.git/prov/cache'),
      late: false,
      deadline: Number.POSITIVE_INFINITY,
    })
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    objects.close()
    if (found.d.dataset.state !== 'complete') throw new Error(found.d.dataset.reason)
    return seconds
  }
  const compare = async (ours, theirs, count) => {
    const ratios = []
    await ours()
    for (const command of theirs) time(command)
    for (let i = 0; i < count; i++) {
      const own = await ours()
      ratios.push(theirs.map((command) => own / time(command)))
    }
    return theirs.map((_, k) => ratios.map((row) => row[k]).sort((a, b) => a - b)[count >> 1])
  }
  const [file] = await compare(measured(big, true), [script(big, 'openssl dgst -sha256 data/big.bin')], 3)
  const [files] = await compare(
    measured(small, true),
    [script(small, 'find data -type f -print0 | xargs -0 openssl dgst -sha256')],
    5,
  )
  await measured(many, true)()
  execFileSync('sleep', ['0.1'])
  await measured(many, true)()
  const [find, status] = await compare(
    measured(many, false),
    [
      script(many, "find -L data -type f -printf '%p %s %T@ %C@ %i %m\\n'"),
      script(many, 'git status --porcelain --untracked-files=all'),
    ],
    7,
  )
  return [
    { what: 'cold fingerprint of a 2 GiB file, against openssl dgst -sha256', value: file, limit: 1.1, unit: 'x' },
    {
      what: 'cold fingerprint of 20,000 files of 10 KB, against xargs openssl dgst',
      value: files,
      limit: 1.2,
      unit: 'x',
    },
    { what: 'warm fingerprint of 100,000 files, against find -printf', value: find, limit: 2.5, unit: 'x' },
    { what: '  the same against git status of the same tree (aim: 1)', value: status, unit: 'x' },
  ]
}

async function log() {
  const kit = await loadKit()
  const cwd = withProvenance('log', 20)
  addCaptures(kit, cwd, 100_000, 1000)
  git(cwd, 'gc', '--quiet')
  const quiet = (command) => () => time(script(cwd, `${command} >/dev/null`))
  const own = `'${process.execPath}' '${entry}'`
  const times = roundRobin(
    { node, ours: quiet(`${own} log -n 50`), theirs: quiet('git log --notes=prov -n 50') },
    rounds,
  )
  const whole = roundRobin({ ours: quiet(`${own} log`), theirs: quiet('git log --notes=prov') }, 3)
  const starts = roundRobin({ node, help: cli(cwd, '--help'), show: cli(cwd, 'show', 'HEAD') }, rounds)
  return [
    {
      what: 'git prov log -n 50 at 100,000 captures, less git log --notes=prov -n 50',
      value: (times.ours - times.theirs) / times.node,
      limit: 2.5,
      unit: 'N',
    },
    {
      what: 'git prov log of all 100,000, against git log --notes=prov',
      value: whole.ours / whole.theirs,
      limit: 2,
      unit: 'x',
    },
    { what: 'git-prov --help', value: starts.help / starts.node, limit: 3, unit: 'N' },
    { what: 'git prov show HEAD', value: starts.show / starts.node, limit: 2.5, unit: 'N' },
  ]
}

/** Objects packed anew, as gc packs what was loose: a real repository's objects come to it one by one. */
async function disk() {
  const kit = await loadKit()
  const count = 10_000
  const size = (name, withCaptures) => {
    const cwd = repository(name, 20)
    if (withCaptures) prov(cwd, 'init', '--quiet', '--no-hooks', '--dataset', 'train=data/train')
    addCaptures(kit, cwd, count, 30, withCaptures)
    git(cwd, 'repack', '-adfq')
    git(cwd, 'gc', '--quiet', '--prune=now')
    const list = spawnSync('find', [join(cwd, '.git/objects'), '-type', 'f', '-print0'], { encoding: 'utf8' })
      .stdout.split('\0')
      .filter(Boolean)
    return list.reduce((sum, path) => sum + statSync(path).size, 0)
  }
  return [
    {
      what: 'disk a capture after git gc, indexes counted',
      value: (size('with', true) - size('without', false)) / count / 1000,
      limit: 1.2,
      unit: 'KB',
    },
  ]
}

export const groups = { commits, background, peers, fingerprint, log, disk }
