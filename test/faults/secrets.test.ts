import { expect, it } from 'vitest'
import { provRepository } from '../support/repository.ts'
import { plantSecrets, textPlaces } from '../support/secrets.ts'

const total = 200

it('200 secrets planted in 40 places: none is in any object of the ledger', () => {
  const named = [
    'a variable by its name',
    'a variable with options in it',
    'YAML parameters',
    'JSON parameters',
    'TOML parameters',
    '--param of a run',
    '--tag of a run',
    'the intent of a run',
    'a lesson',
    'a review',
    'parameters in mlruns',
    'tags in mlruns',
  ]
  expect(textPlaces.length + named.length).toBe(40)
  const planted = plantSecrets(total, 4242)
  const inText = planted.slice(0, 140)
  const secrets = planted.slice(140).map(({ secret }) => secret)
  const five = (place: number) => secrets.slice(place * 5, place * 5 + 5)
  const lines = (place: number, line: (secret: string, n: number) => string) => five(place).map(line).join('\n')

  const names = five(0).map((_, n) => `DB${n}_PASSWORD`)
  const flags = five(1).map((_, n) => `FLAGS${n}`)
  const test = provRepository({
    'prov.yaml': `parameters: [params.yaml, params.json, params.toml]\nenvironment:\n  variables: [${[...names, ...flags].join(', ')}]\n`,
    'params.yaml': `${lines(2, (s, n) => `db${n}:\n  password: ${s}`)}\n`,
    'params.json': JSON.stringify(Object.fromEntries(five(3).map((s, n) => [`c${n}`, { client_secret: s }]))),
    'params.toml': lines(4, (s, n) => `[t${n}]\nhf_token = "${s}"`),
  })
  Object.assign(test.env, Object.fromEntries(five(0).map((s, n) => [names[n], s])))
  Object.assign(test.env, Object.fromEntries(five(1).map((s, n) => [flags[n], `--api-key ${s} --n 1`])))
  test.commit('With variables')
  for (let at = 0; at < inText.length; at += 20) {
    const words = inText.slice(at, at + 20).map(({ text }) => text)
    const [intent, param, tag] = [five(7)[at / 20], five(5)[at / 20], five(6)[at / 20]]
    test.ok(
      'run',
      ...(intent ? ['-m', `with --token ${intent}`] : []),
      ...(param ? ['--param', `wandb_api_key=${param}`] : []),
      ...(tag ? ['--tag', `secret=${tag}`] : []),
      '--',
      'true',
      ...words,
    )
  }
  const run = test.git('log', '-1', '--format=%H')
  for (const secret of five(8)) test.ok('note', run, '--lesson', `the password=${secret} was wrong`)
  for (const secret of five(9)) test.ok('review', run, '--comment', '-m', `do not use https://u:${secret}@db/x`)
  const folder = (n: number) => `mlruns/0/r${n}`
  const files = five(10).map((secret, n) => [
    [`${folder(n)}/meta.yaml`, `run_id: r${n}\nstart_time: 1000\nend_time: 2000\nstatus: 3\nlifecycle_stage: active\n`],
    [`${folder(n)}/params/api_key`, secret],
    [`${folder(n)}/tags/mlflow.source.git.repoURL`, `https://ml:${five(11)[n]}@git.example.org/x`],
    [`${folder(n)}/metrics/f1`, '1000 0.5 0\n'],
  ])
  test.write({ 'mlruns/0/meta.yaml': "experiment_id: '0'\nname: x\nlifecycle_stage: active\n" })
  test.commit('Runs', Object.fromEntries(files.flat()))
  test.ok('import', 'mlflow')

  const tips = test.git('for-each-ref', '--format=%(objectname)', 'refs/heads/prov', 'refs/notes/').split('\n')
  const oids = test
    .git('rev-list', '--objects', ...tips)
    .split('\n')
    .map((line) => line.split(' ')[0])
  const ledger = test.run('git', ['cat-file', '--batch'], { input: `${oids.join('\n')}\n` }).stdout
  const places = (index: number) => planted[index]?.place ?? ''
  const leaked = planted.flatMap(({ secret }, index) =>
    ledger.includes(secret) ? [index < 140 ? places(index) : named[Math.floor((index - 140) / 5)]] : [],
  )
  expect(leaked).toEqual([])
  expect(ledger.match(/<secret:[0-9a-f]{8}>/g)?.length).toBeGreaterThan(total)
  expect(test.branch('records/run').length).toBeGreaterThanOrEqual(14 + 5)
  test.ok('verify')
})
