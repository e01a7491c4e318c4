import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { gitRepository, provRepository } from '../support/repository.ts'

// The contract for scripts: others build on these names. A member may be added, none may go or change its type.

const hex64 = expect.stringMatching(/^[0-9a-f]{64}$/)

describe('git prov log --json', () => {
  it('is one object per line with these members', async () => {
    const test = provRepository({ 'data/train/a.csv': 'a\n' })
    const [first] = await inProcess(test).log()
    test.commit('More data', { 'data/train/b.csv': 'bb\n' })
    const text = await inProcess(test).ok('log', '--json')
    const [latest, ...rest] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rest).toEqual([first])
    expect(latest).toEqual({
      commit: test.head(),
      tree: test.git('rev-parse', 'HEAD^{tree}'),
      parents: [first.commit],
      author: { name: 'Mei Chen', email: 'mei@example.org' },
      date: test.git('log', '-1', '--format=%aI'),
      subject: 'More data',
      provenance: { status: 'captured', matchedBy: 'commit', capture: hex64 },
      environment: hex64,
      datasets: {
        train: {
          digest: hex64,
          files: 2,
          bytes: 5,
          state: 'complete',
          changed: { added: 1, removed: 0, modified: 0, from: hex64 },
        },
      },
      records: [{ kind: 'capture', id: latest.provenance.capture }],
    })
    expect(first.datasets.train.changed).toBeNull()
    test.commit('Nothing')
    expect((await inProcess(test).log('-n1'))[0].datasets.train.changed).toBe(false)
  })

  it.each([
    ['missing', ['missing', undefined]],
    ['late', ['late', 'commit']],
    ['tree', ['captured', 'tree']],
    ['rewrite', ['captured', 'rewrite']],
  ])('a commit without a capture of its own: %s', async (how, [status, matchedBy]) => {
    const test = provRepository()
    const bare = ['-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--allow-empty', '-m', 'x']
    if (how === 'missing' || how === 'tree') test.git('config', 'prov.since', '99999999999')
    if (how === 'missing') test.write({ 'x.txt': 'x' }).git('add', 'x.txt')
    if (how === 'rewrite') {
      test.write({ 'x.txt': 'x' }).git('add', 'x.txt')
      const old = test.head()
      test.git(...bare, '--amend')
      test.git('config', 'prov.since', '99999999999')
      const hook = test.git('rev-parse', '--git-path', 'hooks/post-rewrite')
      test.run(hook, ['amend'], { input: `${old} ${test.head()}\n` })
      // The hook captures what has no capture: the note is made to know of the rewriting alone.
      const line = test.notes().find(({ kind }) => kind === 'rewrite')
      test.git('notes', '--ref=prov', 'add', '-f', '-m', JSON.stringify(line))
    } else test.git(...bare)
    const [view] = await inProcess(test).log('-n1')
    expect([view.provenance.status, view.provenance.matchedBy]).toEqual([status, matchedBy])
    expect(view.provenance.capture === undefined).toBe(status === 'missing')
  })
})

it('git prov show --json is the stored record with its environment resolved', async () => {
  const test = provRepository()
  const shown = await inProcess(test).show()
  const path = test.branch('records').find((name) => name.includes(shown.id)) as string
  const stored = JSON.parse(test.git('show', `prov:${path}`))
  const { resolved, ...environment } = shown.environment
  expect({ ...shown, environment }).toEqual({ ...stored, id: shown.id, matchedBy: 'commit' })
  const file = `environments/${environment.digest.slice(0, 2)}/${environment.digest}.json`
  const { host, software } = JSON.parse(test.git('show', `prov:${file}`))
  expect(resolved).toEqual({ host, software })
  const byId = await inProcess(test).show(shown.id)
  expect(byId).toEqual({ ...shown, matchedBy: undefined })
})

describe('git prov status, verify and doctor --json', () => {
  const finding = {
    code: expect.any(String),
    severity: expect.stringMatching(/^(error|warning|info)$/),
    where: expect.any(String),
    message: expect.any(String),
    hint: expect.any(String),
  }

  it.each(['status', 'verify', 'doctor'])('%s has ok and findings', async (command) => {
    const test = provRepository()
    expect(await inProcess(test).prov(command, '--json')).toMatchObject({ status: 0 })
    expect(JSON.parse((await inProcess(test).prov(command, '--json')).stdout)).toMatchObject({ ok: true, findings: [] })
    test.git('update-ref', '-d', 'refs/notes/prov')
    test.git('update-ref', '-d', command === 'verify' ? 'refs/notes/prov' : 'refs/heads/prov')
    const { status, stdout } = await inProcess(test).prov(command, '--json')
    const view = JSON.parse(stdout)
    expect(view.findings.length).toBeGreaterThan(0)
    for (const one of view.findings) expect(one).toEqual(finding)
    expect(status).toBe(view.ok ? 0 : 1)
    expect(view.ok).toBe(view.findings.every(({ severity }: { severity: string }) => severity === 'info'))
  })
})

it('exit status: 0 done, 1 the answer is no, 2 the user can fix it', async () => {
  const test = provRepository()
  expect((await inProcess(test).prov('log')).status).toBe(0)
  expect((await inProcess(test).prov('dataset', 'verify')).status).toBe(0)
  test.write({ 'data/train/a.csv': 'changed\n' })
  expect((await inProcess(test).prov('dataset', 'verify')).status).toBe(1)
  expect(await inProcess(test).prov('lgo')).toMatchObject({
    status: 2,
    stderr: "error: 'lgo' is not a git prov command\nhint:  git prov log\n",
  })
  expect(await inProcess(gitRepository()).prov('show')).toMatchObject({ status: 2 })
})
