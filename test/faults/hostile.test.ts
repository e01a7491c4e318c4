import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { ProvError } from '../../src/base/errors.ts'
import { renderCaptureLine } from '../../src/capture/capture-line.ts'
import { parseOutputs } from '../../src/collect/datasets/dvc.ts'
import { readParameters } from '../../src/collect/parameters.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { parseTree } from '../../src/git/objects/objects.ts'
import { parseManifest } from '../../src/records/branch/manifest.ts'
import { isEnvironment } from '../../src/records/environment.ts'
import { renderOneline, renderProvenance } from '../../src/records/log.ts'
import { noteLines, parseNote } from '../../src/records/note.ts'
import { latestCapture } from '../../src/records/note-lines/capture-note.ts'
import { parseRecord } from '../../src/records/record.ts'
import { renderRecord } from '../../src/records/show-record.ts'
import { validate } from '../../src/records/validate.ts'
import { painter } from '../../src/render/colour.ts'
import { capture } from '../support/records.ts'

// A small generator with a seed: a failure can be had again.
let seed = 20_261_124
const random = (below: number) => {
  seed = (seed * 48271) % 2147483647
  return seed % below
}

const nasty = [
  '\x1b[2J',
  '\x07',
  '\u202e',
  '\0',
  '"',
  '\\',
  '{',
  '[',
  ']',
  '}',
  '__proto__',
  '1e999',
  '-',
  ',',
  '\n',
  '\t',
  '*a',
  '&a',
  '!!js',
  '🙂',
  '\ud800',
]

function mutate(text: string): string {
  let result = text
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(result.length + 1)
    const kind = random(5)
    if (kind === 0) result = result.slice(0, at) + String.fromCharCode(random(256)) + result.slice(at + 1)
    else if (kind === 1) result = result.slice(0, at)
    else if (kind === 2) result = result.slice(0, at) + nasty[random(nasty.length)] + result.slice(at)
    else if (kind === 3) result = result.slice(0, at) + result.slice(at + random(20))
    else result = result.slice(0, at) + result.slice(random(result.length + 1))
  }
  return result
}

const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

const ours = async (work: () => unknown) => {
  try {
    return await work()
  } catch (error) {
    expect(error).toBeInstanceOf(ProvError)
    return undefined
  }
}

describe('mutated input gives our own errors and a clean terminal', () => {
  it('10,000 records', async () => {
    const { text } = capture()
    let read = 0
    for (let n = 0; n < 10_000; n++) {
      const mutated = mutate(text)
      const bytes = Buffer.from(mutated)
      const stored = await ours(() => parseRecord(bytes, digestOf(bytes)))
      if (!stored) continue
      const { record } = stored as ReturnType<typeof parseRecord>
      if ((await validate(record.kind, record.version, record)).length > 0) continue
      read += 1
      const lines = [
        ...renderRecord({ stored: stored as ReturnType<typeof parseRecord>, environment: undefined }, painter(false)),
        ...[...noteLines(stored as ReturnType<typeof parseRecord>).keys()],
      ]
      if (record.kind === 'capture')
        lines.push(renderCaptureLine({ record, environment: undefined, previous: undefined }))
      expect(lines.join('\n')).not.toMatch(control)
    }
    expect(read).toBeGreaterThan(0)
  })

  it('6,000 notes', () => {
    const text = [
      ...noteLines(
        capture({
          changed: {
            environment: 'a'.repeat(64),
            datasets: { train: { from: 'b'.repeat(64), added: 1, removed: 2, modified: 3 } },
          },
        }),
      ).values(),
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('')
    for (let n = 0; n < 6_000; n++) {
      const lines = parseNote(mutate(text)).lines
      const note = latestCapture(lines)
      const view = {
        commit: 'c'.repeat(40),
        tree: '',
        parents: [],
        author: { name: '', email: '' },
        date: '',
        message: '',
        status: 'captured' as const,
        lines: [],
        ...(note && { capture: note }),
      }
      expect(
        [...renderProvenance(view, painter(false)), renderOneline(view, '', painter(false))].join('\n'),
      ).not.toMatch(control)
    }
  })

  it('2,500 prov.yaml, 1,500 parameter files and dvc.lock, 1,000 manifests, trees and environments', async () => {
    const config =
      'version: 1\ndatasets:\n  - name: train\n    path: data/train\nparameters: [params.yaml]\ncapture:\n  mode: wait\n  budget: 2\n'
    for (let n = 0; n < 2_500; n++) await ours(() => parseConfig(mutate(config)))
    for (let n = 0; n < 1_500; n++) {
      await readParameters(
        ['p.yaml', 'p.json', 'p.toml'][n % 3] as string,
        Buffer.from(mutate('{"model": {"lr": 0.1, "layers": [1, 2]}, "seed": 7}')),
      )
      await parseOutputs(mutate('outs:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  path: data.xml\n'))
    }
    for (let n = 0; n < 1_000; n++) {
      await ours(() => parseManifest(Buffer.from(mutate(`${'a'.repeat(64)}  a\n${'b'.repeat(64)}  b\n`), 'latin1')))
      parseTree({
        oid: 'a'.repeat(40),
        type: 'tree',
        body: Buffer.from(mutate(`100644 name\0${'x'.repeat(20)}`), 'latin1'),
      })
      isEnvironment(
        JSON.parse(
          JSON.stringify({ version: 1, host: n % 2 ? {} : nasty, software: { python: nasty[random(nasty.length)] } }),
        ),
      )
    }
  })
})
