import { spawnSync } from 'node:child_process'
import { cli } from '../commands.js'
import { git, prov, repository } from '../fixtures.js'
import { env, time } from '../measure.js'

const commits = 200
const hex = (text) => Buffer.from(text.padEnd(16, '.')).toString('hex').slice(0, 32)

/** Four stages, two of which change in each commit, as `dvc repro` writes them. */
function lockAt(index) {
  const stage = (name, version) =>
    `  ${name}:\n    cmd: python src/${name}.py\n    deps:\n    - path: src/${name}.py\n      hash: md5\n      md5: ${hex(name)}\n      size: 9\n` +
    `    params:\n      params.yaml:\n        ${name}.lr: ${version / 1000}\n    outs:\n    - path: out/${name}\n      hash: md5\n      md5: ${hex(`${name}${version}`)}\n      size: 100\n`
  const stages = ['prepare', 'featurize', 'train', 'evaluate'].map((name, at) => stage(name, at < 2 ? 1 : index))
  return `schema: '2.0'\nstages:\n${stages.join('')}`
}

function history(cwd) {
  const file = (path, text) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`
  let stream = ''
  for (let index = 1; index <= commits; index++) {
    const values = ['prepare', 'featurize', 'train', 'evaluate']
      .map((name, at) => `${name}:\n  lr: ${(at < 2 ? 1 : index) / 1000}\n`)
      .join('')
    stream += `commit refs/heads/main\ncommitter Bench <bench@example.org> ${1_700_000_000 + index} +0000\ndata 2\nx\n`
    if (index === 1) stream += 'from refs/heads/main^0\n'
    stream += file('dvc.lock', lockAt(index)) + file('params.yaml', values)
    stream += file('metrics.json', `{"f1": ${index / 1000}}`)
    stream += file('dvc.yaml', 'stages: {}\nmetrics: [metrics.json]\n')
  }
  const result = spawnSync('git', ['fast-import', '--quiet', '--done'], { cwd, env, input: `${stream}done\n` })
  if (result.status !== 0) throw new Error(String(result.stderr))
  git(cwd, 'reset', '--quiet', '--hard', 'main')
}

export async function imports() {
  const cwd = repository('import', 1)
  prov(cwd, 'init', '--quiet', '--no-hooks')
  history(cwd)
  const seconds = time(cli(cwd, 'import', 'dvc'))
  return [
    {
      what: `git prov import dvc of ${commits} commits of dvc.lock, ${2 * commits + 2} runs`,
      value: seconds,
      limit: 10,
      unit: 's',
    },
  ]
}
