import { expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { append } from '../../src/ledger/append/fold.ts'
import { formatManifest } from '../../src/records/branch/manifest.ts'
import { buildEnvironment } from '../../src/records/environment.ts'
import { inProcess } from '../support/in-process.ts'
import { repositoryOf } from '../support/ledger.ts'
import { provRepository } from '../support/repository.ts'
import { aRun } from '../support/runs.ts'

const environment = (numpy: string) =>
  buildEnvironment([
    { half: 'software', name: 'python', result: { version: '3.11.7', kind: 'venv', packages: { numpy } } },
  ])
const manifest = (...files: string[]) =>
  formatManifest(files.map((content, at) => ({ path: `${at}.csv`, digest: digestOf(content) })))

it('git prov diff of two runs: packages, files of inputs and outputs, parameters, and code by its snapshot', async () => {
  const test = provRepository({ 'train.py': 'lr = 1\n', 'data/train/a.csv': 'a\n' })
  const commit = test.head()
  test.write({ 'train.py': 'lr = 2\n' })
  test.git('add', '--all')
  const snapshot = { commit, tree: test.git('write-tree'), changes: 1 }
  const [old, now] = [environment('2.1.0'), environment('2.1.2')]
  const [before, after] = [manifest('a', 'b'), manifest('a', 'B', 'c')]
  const data = (bytes: Buffer) => ({
    ...{ path: 'data/train', dataset: 'train', digest: digestOf(bytes), manifest: true },
    ...{ state: 'complete' as const, declared: 'config' as const },
  })
  const model = (content: string) => ({
    ...{ path: 'model.pkl', digest: digestOf(content) },
    ...{ state: 'complete' as const, declared: 'option' as const },
  })
  const about = { commit, tree: test.git('rev-parse', 'HEAD^{tree}'), parents: [] }
  const run = (lr: number, bytes: Buffer, content: string, digests: typeof old.digests, extra: object) =>
    aRun(
      {
        about,
        parameters: { option: { values: { lr } } },
        inputs: [data(bytes)],
        outputs: [model(content)],
        environment: digests,
        ...extra,
      },
      lr,
    )
  const [first, second] = [run(1, before, 'm1', old.digests, {}), run(2, after, 'm2', now.digests, { snapshot })]
  await append(
    repositoryOf(test),
    [first, second].map((record) => ({
      record,
      environments: { [old.digests.digest]: old.text, [now.digests.digest]: now.text },
      manifests: { [digestOf(before)]: before, [digestOf(after)]: after },
    })),
    { ident: 'Mei Chen <mei@example.org> 1795000000 +0000', deadline: Date.now() + 60_000 },
  )
  expect(await inProcess(test).ok('diff', first.id.slice(0, 8), second.id.slice(0, 8))).toMatchInlineSnapshot(`
    "packages
      ~ numpy 2.1.0 -> 2.1.2

    data
      train d62506 -> 795fdd  +1 -0 ~1
        + 2.csv
        ~ 1.csv

    outputs
      model.pkl ca0df2 -> 29c1b2

    parameters
      ~ option lr 1 -> 2

    code
      train.py | 2 +-
      1 file changed, 1 insertion(+), 1 deletion(-)
    "
  `)
  expect(JSON.parse(await inProcess(test).ok('diff', '--json', first.id, second.id))).toMatchObject({
    from: first.id,
    to: second.id,
    outputs: [{ name: 'model.pkl', before: digestOf('m1'), after: digestOf('m2') }],
    code: [' train.py | 2 +-', ' 1 file changed, 1 insertion(+), 1 deletion(-)'],
  })
  expect((await inProcess(test).prov('diff', '--exit-code', first.id, second.id)).status).toBe(1)
  expect(await inProcess(test).prov('diff', '--exit-code', first.id, first.id)).toMatchObject({ status: 0, stdout: '' })
  expect(await inProcess(test).prov('diff', first.id, 'nothing')).toMatchObject({ status: 2 })
})
