import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { provRepository, type TestRepository } from '../support/repository.ts'

const today = new Date().toISOString().slice(0, 10)
const stable = (text: string) =>
  text.replaceAll(today, '<today>').replace(/\b[0-9a-f]{40}([0-9a-f]{24})?\b/g, '<digest>')
const read = (test: TestRepository, file: string) => readFileSync(join(test.path, file), 'utf8')

describe('git prov decision new', () => {
  it('writes a file to fill in, with the schema beside it for editors, and prints its name', async () => {
    const test = provRepository()
    const file = (
      await inProcess(test).ok('decision', 'new', 'Use focal loss for the rare class', '--role', 'trainer')
    ).trimEnd()
    expect(file).toBe(`decisions/${today}-use-focal-loss.yaml`)
    expect(stable(read(test, file)).split('\n').slice(0, 11)).toMatchInlineSnapshot(`
      [
        "# yaml-language-server: $schema=.decision-file.v1.schema.json",
        "title: Use focal loss for the rare class",
        "status: draft",
        "date: <today>",
        "role: trainer",
        "deciders:",
        "  - Mei Chen <mei@example.org>",
        "",
        "# What made you look at this: the problem, what is known about it and what is not.",
        "context:",
        "",
      ]
    `)
    expect(JSON.parse(read(test, 'decisions/.decision-file.v1.schema.json')).title).toBe('DecisionFile')
    await inProcess(test).ok('decision', 'new', 'Use focal loss for the rare class')
    expect(
      readdirSync(join(test.path, 'decisions')).filter((name) => name.includes('for-the-rare-class')),
    ).toHaveLength(1)
  })

  it('gives evidence its current digests', async () => {
    const test = provRepository()
    const file = await inProcess(test).ok(
      'decision',
      'new',
      'Keep it',
      '--set',
      'evidence=dataset:train',
      '--set',
      'evidence=commit:HEAD',
      '--set',
      'evidence=file:data/train/a.csv',
      '--no-edit',
    )
    expect(stable(read(test, file.trimEnd())).match(/evidence:[^#]*/)?.[0]).toMatchInlineSnapshot(`
      "evidence:
        - dataset: train
          digest: <digest>
        - commit: <digest>
        - file: data/train/a.csv
          digest: <digest>

      "
    `)
  })

  it('takes fields from a file or standard input', async () => {
    const test = provRepository()
    const made = await inProcess(test, {
      input: 'title: From a script\nstatus: proposed\nwhy: |\n  one\n  two\n',
    }).prov('decision', 'new', '--from', '-')
    expect(read(test, made.stdout.trimEnd())).toContain('why: |\n  one\n  two\n')
  })

  it.each([
    [['--role', 'trianer'], "error: there is no role 'trianer'\nhint:  did you mean 'trainer'?\n"],
    [['--set', 'evidence=dataset:trian'], "error: HEAD has no dataset 'trian'\nhint:  did you mean 'train'?\n"],
    [['--set', 'evidence=run:abcdef'], "error: there is no run 'abcdef'\nhint:  git prov runs\n"],
    [
      ['--set', 'evidence=file:nope'],
      "error: there is no file 'nope'\nhint:  give a path relative to the current folder\n",
    ],
    [
      ['--set', 'date=tomorrow'],
      'error: date must be a date such as 2026-11-23\nhint:  write year, month and day: 2026-11-23\n',
    ],
    [['--guide'], 'error: --guide needs a terminal\n'],
  ])('refuses %j and writes nothing', async (words, told) => {
    const test = provRepository()
    const result = await inProcess(test).prov('decision', 'new', 'A thing', ...words)
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toContain(told)
    expect(() => readdirSync(join(test.path, 'decisions'))).toThrow()
  })
})

describe('git prov decision list, show and accept', () => {
  const test = provRepository()
  test.write({
    'decisions/2026-01-02-old-way.yaml': 'title: The old way\nstatus: accepted # for now\n',
    'decisions/2026-02-03-new-way.yaml':
      'title: The new way\nstatus: proposed\nrole: trainer\nsupersedes: [old-way]\nfollow_ups:\n  - {what: look, owner: ann@example.org, due: 2026-01-01}\n',
    'decisions/broken.yaml': 'title: x\n',
  })

  it('lists one line per decision, filtered', async () => {
    expect(await inProcess(test).ok('decision')).toMatchInlineSnapshot(`
      "broken   unreadable           (line 1: the file has no 'status')
      new-way  proposed    trainer  (1 follow-up overdue) The new way
      old-way  accepted             The old way
      "
    `)
    const ids = async (...words: string[]) =>
      JSON.parse(await inProcess(test).ok('decision', 'list', '--json', ...words)).map(
        ({ slug }: { slug: string }) => slug,
      )
    expect(await ids('--status', 'accepted')).toEqual(['old-way'])
    expect(await ids('--role', 'trainer')).toEqual(['new-way'])
    expect(await ids('--owner', 'ann')).toEqual(['new-way'])
    expect(await ids('--overdue')).toEqual(['new-way'])
  })

  it('sets the status in the file, and marks superseded decisions', async () => {
    expect(await inProcess(test).ok('decision', 'accept', 'new')).toMatchInlineSnapshot(`
      "decisions/2026-02-03-new-way.yaml  accepted
      decisions/2026-01-02-old-way.yaml  superseded
      "
    `)
    expect(read(test, 'decisions/2026-01-02-old-way.yaml')).toBe(
      'title: The old way\nstatus: superseded # for now\nsuperseded_by: [new-way]\n',
    )
  })

  it('shows a decision, and where it cannot be parsed', async () => {
    expect(await inProcess(test).ok('decision', 'show', 'old-way')).toMatchInlineSnapshot(`
      "decision old-way
      The old way
      superseded
      decisions/2026-01-02-old-way.yaml

      Superseded by
        new-way
      "
    `)
    expect(await inProcess(test).ok('decision', 'show', 'broken')).toContain(
      "decisions/broken.yaml:1:1: the file has no 'status'",
    )
    expect(await inProcess(test).prov('decision', 'show', 'old-wya')).toMatchObject({
      status: 2,
      stderr: "error: there is no decision 'old-wya'\nhint:  did you mean 'old-way'?\n",
    })
    expect((await inProcess(test).prov('decision', 'acept', 'x')).stderr).toContain('hint:  git prov decision accept')
  })

  it('escapes what a file says, and does not parse an unchanged file twice', async () => {
    writeFileSync(
      join(test.path, 'decisions/evil.yaml'),
      'title: "a\\e[31mb\\u202e"\nstatus: draft\nwhy: "x\\e]0;y\\a"\n',
    )
    expect(await inProcess(test).ok('decision')).toContain('a\\x1b[31mb\\u{202e}')
    expect(await inProcess(test).ok('decision', 'show', 'evil')).toContain('x\\x1b]0;y\\x07')
  })
})
