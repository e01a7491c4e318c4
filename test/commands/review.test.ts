import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, provRepository, type TestRepository } from '../support/repository.ts'

const file = 'decisions/2026-11-23-focal.yaml'
const text = (status: string, more = '') =>
  `title: Use focal loss\nstatus: ${status}\ncontext: the rare class is lost\nwhy: it is lost among easy examples\n${more}`

const withDraft = () => provRepository({ 'data/train/a.csv': 'a\n', [file]: text('draft') })
const shown = async (test: TestRepository, slug = 'focal') =>
  JSON.parse(await inProcess(test).ok('decision', 'show', slug, '--json'))

function as(test: TestRepository, name: string, email: string): TestRepository {
  Object.assign(test.env, {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  })
  return test
}

describe('a decision that reaches the default branch', () => {
  it('is recorded with its merge, its pull request and its reviewers', async () => {
    const test = withDraft()
    expect((await shown(test)).events).toEqual([])
    test.git('checkout', '--quiet', '-b', 'focal')
    test.commit('Accept', { [file]: text('accepted') })
    as(test, 'R. Okafor', 'r@example.org')
    expect(await inProcess(test).ok('review', 'focal', '--approve', '-m', 'convinced')).toMatch(
      /^prov: approved focal \(review \w{6}\)\n$/,
    )
    await inProcess(test).ok('log')
    expect((await shown(test)).events).toEqual([])
    as(test, 'Mei Chen', 'mei@example.org')
    test.git('checkout', '--quiet', 'main')
    const merge = 'Merge pull request #12 from mei/focal\n\nReviewed-by: Jo <jo@example.org>'
    const merged = test.run('git', ['merge', '--quiet', '--no-ff', '-m', merge, 'focal'])
    expect(merged.stderr).toContain('prov: recorded focal\n')
    const [event] = (await shown(test)).events
    expect(event).toMatchObject({
      action: 'recorded',
      status: 'accepted',
      commit: test.head(),
      pullRequest: 12,
      reviewers: [
        { name: 'Jo', from: 'reviewed-by' },
        { name: 'R. Okafor', from: 'review' },
      ],
    })
    expect(await inProcess(test).ok('log', '-n', '1')).toContain(
      '    why   focal  accepted, reviewed by Jo, R. Okafor\n',
    )
    expect(await inProcess(test).ok('decision', 'show', 'focal')).toMatch(
      /^decision focal\nUse focal loss\naccepted \d{4}-\d\d-\d\d.*, reviewed by Jo, R\. Okafor\n/,
    )
    await inProcess(test).ok('verify')
  })

  it('is recorded once by the next command if no hook saw it, and as a new revision when edited', async () => {
    const test = withDraft()
    test.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--allow-empty', '-m', 'x')
    test.write({ [file]: text('accepted') })
    test.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '-am', 'Accept (#3)')
    expect((await inProcess(test).prov('log')).stderr).toContain('prov: recorded focal\n')
    expect((await inProcess(test).prov('log')).stderr).toBe('')
    test.commit('Edit', { [file]: text('accepted', 'changed: a little\n') })
    await inProcess(test).ok('log')
    const { events } = await shown(test)
    expect(
      events.map(({ revision, pullRequest }: { revision: number; pullRequest?: number }) => [revision, pullRequest]),
    ).toEqual([
      [1, 3],
      [2, undefined],
    ])
  })

  it('is not recorded from another branch, unless CI asks', async () => {
    const test = withDraft()
    test.git('checkout', '--quiet', '-b', 'focal')
    test.commit('Accept', { [file]: text('accepted') })
    await inProcess(test).ok('log')
    expect((await shown(test)).events).toEqual([])
    expect(await inProcess(test).ok('decision', 'record')).toBe('prov: recorded focal\n')
    expect(await inProcess(test).ok('decision', 'record')).toBe('prov: every decision here is already recorded\n')
  })

  it('is kept when two people record at once', async () => {
    const origin = withDraft()
    origin.commit('Accept', { [file]: text('accepted') })
    const clone = cloneOf(origin)
    await inProcess(clone).ok('init')
    await inProcess(clone).ok('decision', 'record')
    await inProcess(origin).ok('decision', 'record')
    clone.git('fetch', '--quiet')
    await inProcess(clone).ok('init')
    expect((await shown(clone)).events).toHaveLength(2)
    await inProcess(clone).ok('verify')
  })
})

describe('an action on a recorded decision', () => {
  it('is a record of its own', async () => {
    const test = withDraft()
    expect(await inProcess(test).prov('decision', 'withdraw', 'focal', '-m', 'x')).toMatchObject({
      status: 2,
      stderr:
        "error: decision 'focal' is not recorded yet\nhint:  edit its file while it is a draft; it is recorded when it reaches the default branch\n",
    })
    test.commit('Accept', { [file]: text('accepted'), 'decisions/2026-11-24-mixup.yaml': text('accepted') })
    await inProcess(test).ok('log')
    expect((await inProcess(test).prov('decision', 'supersede', 'focal', '-m', 'better')).stderr).toContain(
      '--by is required: the decision that takes its place',
    )
    expect((await inProcess(test).prov('decision', 'supersede', 'focal', '--by', 'mixup')).stderr).toContain(
      '-m is required: why it is superseded',
    )
    expect(await inProcess(test).ok('decision', 'supersede', 'focal', '--by', 'mixup', '-m', 'better')).toBe(
      'prov: focal superseded by mixup\n',
    )
    expect(await shown(test)).toMatchObject({ status: 'superseded' })
    await inProcess(test).ok('decision', 'reopen', 'focal', '-m', 'mixup hurt')
    expect(await shown(test)).toMatchObject({ status: 'proposed' })
    expect(await inProcess(test).ok('decision', 'withdraw', 'focal', '-m', 'no time')).toBe('prov: focal withdrawn\n')
    expect((await inProcess(test).prov('decision', 'withdraw', 'focal', '-m', 'x')).stderr).toContain(
      'is already withdrawn',
    )
    expect(readFileSync(join(test.path, file), 'utf8')).toBe(text('accepted'))
    await inProcess(test).ok('verify')
  })
})

describe('git prov review', () => {
  it('is threaded, by line, and marks reviews of an earlier text', async () => {
    const test = withDraft()
    const first = (
      await inProcess(test).ok('review', 'focal', '--request-changes', '--line', '3', '-m', 'how\nrare?')
    ).match(/review (\w{6})/)?.[1] as string
    as(test, 'R. Okafor', 'r@example.org')
    await inProcess(test).ok('review', 'focal', '--reply', first, '-m', 'one in 200', '--role', 'trainer')
    expect(
      (await inProcess(test).ok('review', 'focal'))
        .replace(/[0-9a-f]{6}(?= {2})/g, '<id>')
        .replace(/\d{4}-\d\d-\d\d/g, '<day>'),
    ).toMatchInlineSnapshot(`
      "<id>  Mei Chen requests changes  line 3  <day>
          how
          rare?
        <id>  R. Okafor (trainer) comments  <day>
            one in 200
      "
    `)
    writeFileSync(join(test.path, file), text('proposed'))
    expect(await inProcess(test).ok('review', 'focal')).toContain('an earlier text')
  })

  it('accepts any record and any commit', async () => {
    const test = provRepository()
    const [id] = test.captures().map((capture) => capture.id) as [string]
    expect(await inProcess(test).ok('review', id.slice(0, 8), '--approve')).toContain('prov: approved record ')
    expect(await inProcess(test).ok('review', 'HEAD', '-m', 'fine')).toContain('prov: comment on commit ')
    expect(await inProcess(test).ok('review', 'HEAD')).toContain('Mei Chen comments')
    expect((await inProcess(test).log('-n', '1'))[0].records.map(({ kind }: { kind: string }) => kind)).toEqual([
      'capture',
      'review',
      'review',
    ])
    await inProcess(test).ok('verify')
  })

  it.each([
    [['review'], 'name what to review'],
    [['review', 'nothing'], "there is no decision 'nothing'"],
    [['review', 'focal', '--approve', '--comment'], 'give only one of --approve and --comment'],
    [['review', 'focal', '--request-changes'], '-m is required: what should change'],
    [['review', 'focal', '--line', 'x', '-m', 'y'], '--line x: not a line of a decision file'],
    [['review', 'focal', '--reply', 'abcdef', '-m', 'y'], "'abcdef' names no review"],
    [['review', 'beef'], "'beef' is not a decision, record or commit here"],
  ])('%j is refused', async (words, message) => {
    const result = await inProcess(withDraft()).prov(...words)
    expect(result.status).toBe(2)
    expect(result.stderr).toContain(message)
  })
})
