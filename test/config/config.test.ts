import { describe, expect, it } from 'vitest'
import { addDataset, removeDataset, writeConfig } from '../../src/config/edit-config.ts'
import { parseConfig } from '../../src/config/parse-config.ts'

const good = 'version: 1\ndatasets:\n  # the training data\n  - name: train\n    path: data/train # kept\n'

describe('prov.yaml', () => {
  it('reads with every default filled in', async () => {
    expect(await parseConfig(good)).toEqual({
      datasets: [{ name: 'train', path: 'data/train' }],
      parameters: [],
      metrics: [],
      environment: { variables: [] },
      capture: { mode: 'wait', budget: 2 },
    })
    expect((await parseConfig('')).datasets).toEqual([])
  })

  it.each([
    [
      'datasets:\n  - name: a\n    path: x\n    pth: x\n',
      "prov.yaml:4:5: datasets[0] has no member 'pth'",
      "did you mean 'path'?",
    ],
    ['datasets:\n  - name: a\n', "prov.yaml:2:5: datasets[0] has no 'path'", 'it has name and path'],
    [
      'datasets:\n  - {name: a, path: /etc}\n',
      'prov.yaml:2:21: datasets[0].path must be relative to the top of the work tree and inside it',
      'write it without',
    ],
    ['datasets:\n  - {name: a, path: ../x}\n', 'prov.yaml:2:21: datasets[0].path must be relative', 'write it without'],
    [
      'datasets:\n  - {name: "a b", path: x}\n',
      "prov.yaml:2:12: datasets[0].name may have letters, digits, '.', '_' and '-' only",
      'choose another name',
    ],
    [
      'datasets:\n  - {name: a, path: x}\n  - {name: a, path: y}\n',
      "prov.yaml:3:12: datasets[1].name 'a' is taken by datasets[0]",
      'git prov dataset remove a',
    ],
    ['dataset: []\n', "prov.yaml:1:1: the file has no member 'dataset'", "did you mean 'datasets'?"],
    ['capture:\n  mode: behind\n', 'prov.yaml:2:9: capture.mode must be one of wait, background', 'write wait'],
    ['capture:\n\tmode: wait\n', 'prov.yaml:2:1', ''],
    ['a: &x [1]\nb: *x\n', 'prov.yaml:2:4: an alias (*) is not allowed here', 'write the value out'],
    ['version: 1\nversion: 1\n', 'prov.yaml:2:1: Map keys must be unique', ''],
    ['datasets: {', 'prov.yaml:1', ''],
    ['x'.repeat(300_000), 'prov.yaml is longer than 262144 bytes', ''],
  ])('%j is refused with its place', async (text, message, hint) => {
    const error = await parseConfig(text).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'config' })
    expect(error.message).toContain(message)
    expect(error.hint ?? '').toContain(hint)
  })

  it('keeps comments and order when a dataset is added and removed', async () => {
    const added = await addDataset(good, { name: 'val', path: 'data/val' })
    expect(added).toBe(`${good}  - name: val\n    path: data/val\n`)
    expect(await removeDataset(added, 'val')).toBe(good)
    await expect(addDataset(good, { name: 'train', path: 'x' })).rejects.toThrow(
      "dataset 'train' already exists (data/train)",
    )
    await expect(removeDataset(good, 'nope')).rejects.toMatchObject({ hint: 'one of: train' })
  })

  it('is written so that it reads back', async () => {
    const datasets = [{ name: 'a', path: 'odd: path #1' }]
    expect(await parseConfig(await writeConfig({ datasets, parameters: ['params.yaml'], metrics: [] }))).toMatchObject({
      datasets,
      parameters: ['params.yaml'],
    })
  })
})
