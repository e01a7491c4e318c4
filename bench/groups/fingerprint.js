import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { script } from '../commands.js'
import { git, loadKit, work } from '../fixtures.js'
import { env, median, time } from '../measure.js'

export async function fingerprint() {
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
    return theirs.map((_, k) => median(ratios.map((row) => row[k])))
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
    { what: '  the same against git status of the same tree', value: status, aim: 1, unit: 'x' },
  ]
}
