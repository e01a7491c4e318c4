import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../../src/generated/types.ts'
import type { Run } from '../../src/records/record.ts'
import { entry, gitRepository, provRepository } from '../support/repository.ts'
import { finishedRuns, runRecords } from '../support/run-records.ts'

const files = { 'data/train/a.csv': 'a\n', 'params.yaml': 'lr: 0.1\nseed: 7\n', '.gitignore': 'ignored/\n' }

describe('git prov run', () => {
  it('writes the plan before the command starts, and the outcome afterwards', () => {
    const test = provRepository(files)
    const seen = `cat .git/prov/spool/*.json > ../kept; echo "$GIT_PROV_RUN" > ../seen; cat data/train/a.csv > model.bin`
    const ran = test.prov(
      ...['run', '-m', 'Try it', '--stage', 'train', '-o', 'model.bin', '-p', 'epochs=3', '--tag', 'quick', '--'],
      ...['sh', '-c', seen, 'sh', '--lr', '0.01'],
    )
    expect(ran.stdout).toBe('')
    expect(ran.stderr).toMatch(/^prov: run [0-9a-f]{6} {2}ok {2}0(\.\d)? s {2}1 output\n$/)
    const [planned, end] = runRecords(test)
    expect(readFileSync(join(test.path, '../seen'), 'utf8')).toBe(`${planned?.id}\n`)
    const [kept] = JSON.parse(readFileSync(join(test.path, '../kept'), 'utf8'))
    expect(JSON.parse(kept.files[kept.recordPath].text)).toEqual(planned?.record)
    expect(planned?.record).toMatchObject({
      phase: 'planned',
      intent: 'Try it',
      outputs: [{ path: 'model.bin', state: 'missing' }],
    })
    expect(planned?.record.outcome).toBeUndefined()
    expect(end?.record).toMatchObject({
      phase: 'finished',
      runId: planned?.record.runId,
      links: [{ rel: 'wasRevisionOf', to: `record:${planned?.id}` }],
      intent: 'Try it',
      stage: 'train',
      tags: { quick: '' },
      workingFolder: '.',
      about: { commit: test.head(), branch: 'main' },
      outcome: { status: 'ok', exitCode: 0 },
      changed: true,
      inputs: [{ path: 'data/train', dataset: 'train', declared: 'config', state: 'complete', files: 1 }],
      outputs: [{ path: 'model.bin', declared: 'option', change: 'created', bytes: 2, state: 'complete' }],
      parameters: {
        'params.yaml': { values: { lr: 0.1, seed: 7 } },
        command: { values: { lr: 0.01 } },
        option: { values: { epochs: 3 } },
      },
      seeds: { seed: 7 },
    })
    expect(end?.record.snapshot).toBeUndefined()
    expect(JSON.parse(test.ok('verify', '--json'))).toMatchObject({ ok: true })
  })

  it('puts the plan of a slow command on the branch while it runs', () => {
    const test = provRepository(files)
    const look = 'until git ls-tree -r --name-only prov records/run | grep "$GIT_PROV_RUN"; do sleep 0.05; done'
    const ran = test.prov('run', '-q', '--', 'sh', '-c', look)
    const [planned] = runRecords(test)
    expect(ran.stdout).toMatch(new RegExp(`^records/run/.*/${planned?.id}\\.json\n$`))
    expect(runRecords(test)).toHaveLength(2)
    const added = test.git('log', '--format=%s', '--diff-filter=A', 'prov', '--', 'records/run').split('\n')
    expect(added.filter((subject) => subject.startsWith('run '))).toHaveLength(2)
  })

  it('lets its command look up the run at once', () => {
    const test = provRepository(files)
    const ran = test.prov('run', '-q', '--', 'sh', '-c', '"$0" "$1" show "$GIT_PROV_RUN"', process.execPath, entry)
    expect(ran.stderr).toBe('')
    expect(ran.stdout).toContain(runRecords(test)[0]?.id)
  })

  it('leaves streams, arguments, working folder and environment unchanged', () => {
    const test = provRepository(files)
    const show = `pwd; cat; printf '%s|' "$@"; env | grep -v '^_=' | sort`
    const env = { KEEP: 'me', OLDPWD: '/' }
    const cwd = join(test.path, 'data')
    const plain = test.run('sh', ['-c', show, 'sh', '-x', '--', 'a b'], { input: 'in\n', env, cwd })
    const ran = test.run(process.execPath, [entry, 'run', 'sh', '-c', show, 'sh', '-x', '--', 'a b'], {
      input: 'in\n',
      env,
      cwd,
    })
    const lines = (text: string) => text.split('\n')
    const ours = lines(ran.stdout).filter((line) => !lines(plain.stdout).includes(line))
    expect(lines(plain.stdout).filter((line) => !lines(ran.stdout).includes(line))).toEqual([])
    expect(ours.map((line) => line.split('=')[0])).toEqual([
      'GIT_PROV_EVENTS',
      'GIT_PROV_RUN',
      'MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT',
      'MLFLOW_TRACKING_URI',
    ])
    expect(finishedRuns(test)[0]).toMatchObject({
      workingFolder: 'data',
      command: ['sh', '-c', show, 'sh', '-x', '--', 'a b'],
    })
  })

  it('passes git its own PATH back', () => {
    const test = provRepository(files)
    const bin = join(test.path, '../bin')
    test.run('mkdir', [bin])
    test.run('sh', [
      '-c',
      `printf '#!/bin/sh\nexec "${process.execPath}" "${entry}" "$@"\n' > ${bin}/git-prov; chmod +x ${bin}/git-prov`,
    ])
    const PATH = `${bin}:${test.env.PATH}`
    expect(test.run('git', ['prov', 'run', '-q', '--', 'sh', '-c', 'echo "$PATH"'], { env: { PATH } }).stdout).toBe(
      `${PATH}\n`,
    )
  })

  it.each([
    ['exit 3', 3, { status: 'failed', exitCode: 3 }],
    ['kill -KILL $$', 'SIGKILL', { status: 'killed', signal: 'SIGKILL' }],
    ['kill -TERM $$', 'SIGTERM', { status: 'interrupted', signal: 'SIGTERM' }],
  ])('ends as the command ends: %s', async (command, how, outcome) => {
    const test = provRepository(files)
    const child = spawn(process.execPath, [entry, 'run', '-q', '--', 'sh', '-c', command], {
      cwd: test.path,
      env: test.env,
    })
    const ended = await new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)))
    expect(ended).toBe(how)
    expect(finishedRuns(test)[0]?.outcome).toEqual(outcome)
  })

  it('records a command that cannot be run, with the exit status shells give', () => {
    const test = provRepository({ ...files, 'script.sh': 'echo\n' })
    expect(test.prov('run', '--', 'no-such-program').status).toBe(127)
    expect(test.prov('run', '--', './script.sh').status).toBe(126)
    expect(finishedRuns(test).map(({ outcome }) => outcome)).toEqual([
      { status: 'not-started', exitCode: 127, reason: 'no-such-program: command not found' },
      { status: 'not-started', exitCode: 126, reason: './script.sh: permission denied' },
    ])
  })

  it('passes signals on, and distinguishes an interrupted run from a failed one', async () => {
    const test = provRepository(files)
    const script = 'trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done'
    const child = spawn(process.execPath, [entry, 'run', '-q', '--', 'sh', '-c', script], {
      cwd: test.path,
      env: test.env,
    })
    child.stdout.once('data', () => child.kill('SIGTERM'))
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(5)
    expect(finishedRuns(test)[0]?.outcome).toEqual({ status: 'interrupted', exitCode: 5, signal: 'SIGTERM' })
  })

  it('sees created, modified and deleted files; ignored files only if declared', () => {
    const test = provRepository({ ...files, 'kept.txt': '1\n', 'gone.txt': '1\n' })
    test.write({ 'draft.txt': 'draft\n' })
    const command =
      'echo 2 > kept.txt; rm gone.txt; echo 1 > new.txt; mkdir -p ignored; echo 1 > ignored/a; echo 1 > ignored/b'
    test.prov('run', '-o', 'ignored/a', '--', 'sh', '-c', command)
    const outputs = finishedRuns(test)[0]?.outputs ?? []
    expect(outputs.map(({ path, change, declared, state }) => [path, change, declared, state])).toEqual([
      ['ignored/a', 'created', 'option', 'complete'],
      ['gone.txt', 'deleted', 'observed', 'missing'],
      ['kept.txt', 'modified', 'observed', 'complete'],
      ['new.txt', 'created', 'observed', 'complete'],
    ])
  })

  it('does not take a file that only the shell redirects to for an output', () => {
    const test = provRepository(files)
    test.run('sh', [
      '-c',
      '"$0" "$1" run -- sh -c "echo x; echo y >&2; echo > made" > log 2> errors',
      process.execPath,
      entry,
    ])
    expect(readFileSync(join(test.path, 'log'), 'utf8')).toBe('x\n')
    expect(finishedRuns(test)[0]?.outputs?.map(({ path }) => path)).toEqual(['made'])
  })

  it('reports a run that changed its own input, or nothing at all', () => {
    const test = provRepository(files)
    expect(test.prov('run', '--', 'sh', '-c', 'echo b >> data/train/a.csv').stderr).toMatch(
      /input train was changed by the run/,
    )
    expect(test.prov('run', '--', 'true').stderr).toMatch(/ok {2}\S+ s {2}nothing changed/)
    const [first, second] = finishedRuns(test)
    expect(first?.outputs).toMatchObject([
      { path: 'data/train', dataset: 'train', declared: 'config', change: 'modified' },
    ])
    expect(first?.outputs?.[0]?.digest).not.toBe(first?.inputs[0]?.digest)
    expect(second?.inputs[0]?.digest).toBe(first?.outputs?.[0]?.digest)
    expect(second).toMatchObject({ changed: false, outputs: [] })
  })

  it('names missing inputs and outputs, and continues', () => {
    const test = provRepository(files)
    const ran = test.prov('run', '-i', 'absent.csv', '-o', 'never.bin', '--', 'true')
    expect(ran.status).toBe(0)
    expect(ran.stderr).toMatch(/never\.bin not made {2}input absent\.csv missing: there is nothing at its path/)
  })

  it('keeps uncommitted work as a snapshot without touching the index, equal work only once', () => {
    const test = provRepository({ ...files, 'kept.txt': '1\n', 'gone.txt': '1\n' })
    test.write({ 'kept.txt': '2\n', 'new file\n.txt': 'new\n', 'ignored/x': 'x\n', 'staged.txt': 's\n' })
    test.git('add', 'staged.txt')
    test.run('rm', ['gone.txt'])
    const index = readFileSync(join(test.path, '.git/index'))
    test.ok('run', '--', 'true')
    test.ok('run', '--', 'true')
    expect(readFileSync(join(test.path, '.git/index')).equals(index)).toBe(true)
    const [first, second] = finishedRuns(test)
    const { commit, tree, changes } = (first as Run).snapshot as Snapshot
    expect(second?.snapshot).toEqual(first?.snapshot)
    expect(changes).toBe(4)
    expect(test.git('rev-parse', `${commit}^`, `${commit}^{tree}`)).toBe(`${test.head()}\n${tree}`)
    expect(test.git('for-each-ref', '--format=%(refname)', 'refs/prov')).toBe(`refs/prov/snapshots/${commit}`)
    expect(test.git('ls-tree', '-r', '-z', '--name-only', commit).split('\0').filter(Boolean)).toEqual([
      '.gitignore',
      'data/train/a.csv',
      'kept.txt',
      'new file\n.txt',
      'params.yaml',
      'prov.yaml',
      'staged.txt',
    ])
    expect(test.git('show', `${commit}:kept.txt`)).toBe('2')
  })

  it('leaves files out of a snapshot that are too large or cannot be stored, and says so', () => {
    const test = provRepository({ ...files, 'assumed.txt': '1\n' })
    test.git('update-index', '--assume-unchanged', 'assumed.txt')
    test.write({ 'big.bin': Buffer.alloc(10_000_001), 'nested/a': 'a', 'assumed.txt': '2\n' })
    test.run('git', ['init', '--quiet', 'nested'])
    test.ok('run', '--', 'true')
    const { commit, omitted, lossy } = (finishedRuns(test)[0] as Run).snapshot as Snapshot
    expect(omitted).toEqual([
      { path: 'big.bin', bytes: 10_000_001, digest: test.run('sha256sum', ['big.bin']).stdout.slice(0, 64) },
    ])
    expect(lossy).toEqual(['nested/: a repository of its own, whose uncommitted work is not kept'])
    expect(test.git('show', `${commit}:assumed.txt`)).toBe('2')
    expect(test.ok('run', '--no-snapshot', '--', 'true')).toBe('')
    expect(finishedRuns(test)[1]?.snapshot).toBeUndefined()
  })

  it('keeps no uncommitted secret, staged or not, and says so', () => {
    const token = ['ghp', 'x8Kd0pQw7RtYv3LmNb5ZcA1sDf6GhJ2k9Q4e'].join('_')
    const test = provRepository({ ...files, 'known.py': `t = '${token}'\n`, 'clean.py': '1\n' })
    test.write({ '.env': 'DB_PASSWORD=hunter2\n' })
    const first = test.prov('run', '-q', '--', 'true')
    expect(first.stderr).toBe('prov: kept out of the record: .env (secret-file)\n')
    expect(finishedRuns(test)[0]?.snapshot).toEqual({
      commit: test.head(),
      tree: test.git('rev-parse', 'HEAD^{tree}'),
      changes: 1,
      omitted: [{ path: '.env', bytes: 20, reason: 'is a file for secrets' }],
    })

    test.write({ 'clean.py': `t = '${token}'\n`, 'known.py': `u = '${token}'\n`, 'a.txt': 'a', '.env.example': 'A=\n' })
    test.write({ 'deploy.key': 'k', 'notes.txt': `use ${token}` })
    test.git('add', 'clean.py', 'deploy.key')
    test.ok('run', '-q', '--', 'true')
    const { commit, omitted } = (finishedRuns(test)[1] as Run).snapshot as Snapshot
    expect(omitted?.map(({ path, digest }) => [path, digest])).toEqual([
      ['clean.py', undefined],
      ['deploy.key', undefined],
      ['.env', undefined],
      ['notes.txt', undefined],
    ])
    const changed = test.git('diff', '--name-only', 'HEAD', commit).split('\n')
    expect(changed).toEqual(['.env.example', 'a.txt', 'known.py'])
    expect(test.git('diff', '--name-only', '--cached')).toBe('clean.py\ndeploy.key')
    const replay = test.prov('replay', '--report', runRecords(test)[2]?.id as string)
    expect(replay.stdout).toContain('uncommitted .env is a file for secrets and was not kept')
  })

  it('keeps a change of the same size in the same second as its index entry', () => {
    const test = provRepository({ ...files, 'racy.txt': '1\n' })
    test.git('config', 'core.trustctime', 'false')
    const second = 1_700_000_000
    utimesSync(join(test.path, 'racy.txt'), second, second)
    test.git('update-index', 'racy.txt')
    utimesSync(join(test.path, '.git/index'), second, second)
    test.write({ 'racy.txt': '2\n' })
    utimesSync(join(test.path, 'racy.txt'), second, second)
    test.ok('run', '--', 'true')
    const { commit } = (finishedRuns(test)[0] as Run).snapshot as Snapshot
    expect(test.git('show', `${commit}:racy.txt`)).toBe('2')
  })

  it('runs before the first commit and in a linked work tree', () => {
    const test = gitRepository(files)
    test.ok('init', '--yes')
    test.ok('run', '-q', '--', 'true')
    expect(finishedRuns(test)[0]).toMatchObject({ snapshot: { changes: 4 } })
    expect(finishedRuns(test)[0]?.about).toBeUndefined()
    test.commit('Baseline')
    test.git('worktree', 'add', '--quiet', '../linked')
    const linked = test.run(process.execPath, [entry, 'run', '-q', '--', 'sh', '-c', 'echo > made'], {
      cwd: join(test.path, '../linked'),
    })
    expect(linked.status).toBe(0)
    expect(finishedRuns(test)[1]).toMatchObject({
      about: { branch: 'linked' },
      outputs: [{ path: 'made', change: 'created' }],
    })
    expect(JSON.parse(test.ok('verify', '--json'))).toMatchObject({ ok: true })
  })

  it('can be started in one place and finished in another', () => {
    const test = provRepository(files)
    const id = test.ok('run', '--start', '-m', 'queued', '-o', 'model', '--', 'sbatch', 'train.sh').trim()
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    test.write({ model: 'm\n', 'extra.txt': 'e\n' })
    expect(test.prov('run', '--finish', id.slice(0, 10), '--status', '137').stderr).toMatch(
      /^prov: run [0-9a-f]{6} {2}killed/,
    )
    expect(finishedRuns(test)[0]).toMatchObject({
      queued: true,
      outcome: { status: 'killed', signal: 'SIGKILL' },
      outputs: [
        { path: 'model', change: 'created' },
        { path: 'extra.txt', declared: 'observed' },
      ],
    })
    const again = test.prov('run', '--finish', id)
    expect([again.status, again.stderr]).toEqual([
      2,
      `error: run ${id.slice(0, 6)} is finished\nhint:  git prov show ${id.slice(0, 12)}\n`,
    ])
  })

  it('keeps secrets and names out of the record, but not digests', () => {
    const test = provRepository(files)
    const secret = `ghp_${'a1B2c3D4e5'.repeat(3)}abcdef`
    const words = ['-m', `with ${secret}`, '--tag', `password=${secret}`, '-p', `api_key=${secret}`]
    const ran = test.prov(
      'run',
      ...words,
      '-o',
      `out-${secret}`,
      '--',
      'sh',
      '-c',
      'echo > "out-$2"',
      '--token',
      secret,
      secret,
    )
    expect(ran.stderr).toMatch(/kept out of the record/)
    const texts = runRecords(test).map(({ record }) => JSON.stringify(record))
    expect(texts.filter((text) => text.includes(secret))).toEqual([])
    expect(finishedRuns(test)[0]?.inputs[0]?.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(finishedRuns(test)[0]?.outputs).toMatchObject([
      { change: 'created', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
    expect(JSON.parse(test.ok('verify', '--json'))).toMatchObject({ ok: true })
  })

  it('prints the record as the last line of stderr on request, and nothing with --quiet', () => {
    const test = provRepository(files)
    const ran = test.prov('run', '--json', '--', 'sh', '-c', 'echo out; echo err >&2')
    expect(ran.stdout).toBe('out\n')
    const lines = ran.stderr.trimEnd().split('\n')
    expect(lines[0]).toBe('err')
    expect(JSON.parse(lines[1] as string)).toMatchObject({
      id: runRecords(test)[0]?.id,
      kind: 'run',
      phase: 'finished',
    })
    expect(test.prov('run', '-q', '--', 'true').stderr).toBe('')
    test.git('config', 'prov.quiet', 'true')
    expect(test.prov('run', '--', 'true').stderr).toBe('')
  })

  it.each([
    [[], 'no command to run was given'],
    [['--stage', 'a b', '--', 'true'], "--stage 'a b' is not a name"],
    [['-p', 'lr', '--', 'true'], "--param 'lr' is not key=value"],
    [['-m', ' ', '--', 'true'], '--intent is empty'],
    [['--finish', 'abcd', '--', 'true'], '--finish takes a run, not a command'],
    [['--finish', 'abcd', '--status', '999'], "--status '999' is not an exit status"],
    [['--status', '1', '--', 'true'], '--status needs --finish'],
  ])('refuses invalid options before anything starts: %j', (words, message) => {
    const test = provRepository(files)
    const ran = test.prov('run', ...words)
    expect(ran.status).toBe(2)
    expect(ran.stderr).toContain(`error: ${message}`)
    expect(runRecords(test)).toEqual([])
  })

  it('refuses to run without provenance, and in a bare repository', () => {
    const test = gitRepository(files)
    expect(test.prov('run', '--', 'touch', 'ran').stderr).toBe(
      'error: there is no branch prov here\nhint:  git prov init\n',
    )
    expect(test.git('status', '--porcelain', 'ran')).toBe('')
  })
})

describe('a killed git prov run', () => {
  it('is closed by the next command once its own command is gone, too', async () => {
    const test = provRepository(files)
    const child = spawn(
      process.execPath,
      [entry, 'run', '-m', 'long', '--', 'sh', '-c', 'echo ready; while [ ! -e ../stop ]; do sleep 0.02; done'],
      {
        cwd: test.path,
        env: test.env,
      },
    )
    const exited = new Promise((resolve) => child.on('exit', resolve))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const state = join(test.path, '.git/prov/runs')
    const isKnown = () => readdirSync(state).some((name) => readFileSync(join(state, name), 'utf8').includes('"child"'))
    while (!isKnown()) await new Promise((resolve) => setTimeout(resolve, 10))
    child.kill('SIGKILL')
    await exited
    expect(test.prov('log', '-n', '1').stderr).toBe('')
    expect(finishedRuns(test)).toEqual([])
    test.write({ '../stop': '' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(test.prov('log', '-n', '1').stderr).toBe('prov: 1 run closed whose git prov run no longer exists\n')
    expect(test.prov('run', '-q', '--', 'true').stderr).toBe('')
    expect(finishedRuns(test)[0]).toMatchObject({ intent: 'long', outcome: { status: 'lost' } })
    expect(JSON.parse(test.ok('verify', '--json'))).toMatchObject({ ok: true })
  })
})

it('32 concurrent runs are 32 records, each with its own output', async () => {
  const test = provRepository(files)
  const numbers = Array.from({ length: 32 }, (_, n) => n)
  const ended = numbers.map((n) => {
    const words = ['run', '-q', '-o', `out/${n}`, '--', 'sh', '-c', `mkdir -p out; echo ${n} > out/${n}`]
    const child = spawn(process.execPath, [entry, ...words], { cwd: test.path, env: test.env, stdio: 'inherit' })
    return new Promise((resolve) => child.on('exit', resolve))
  })
  expect(await Promise.all(ended)).toEqual(numbers.map(() => 0))
  test.ok('capture')
  const outputs = finishedRuns(test).map((record) => record.outputs?.map(({ path }) => path))
  expect(outputs.sort()).toEqual(numbers.map((n) => [`out/${n}`]).sort())
  expect(runRecords(test).length).toBe(64)
  expect(JSON.parse(test.ok('verify', '--json'))).toMatchObject({ ok: true })
}, 120_000)
