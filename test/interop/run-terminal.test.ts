import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entry, gitRepository, provRepository, type TestRepository } from '../support/repository.ts'
import { finishedRuns } from '../support/run-records.ts'

/** What a shell command shows on a terminal of its own (script(1)), and its exit status; `keys` are typed when it says `ready`. */
function onTerminal(
  test: TestRepository,
  command: string,
  keys = '',
  ready = 'ready',
): Promise<{ out: string; status: number }> {
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd: test.path,
    env: { ...test.env, SHELL: '/bin/bash' },
  })
  let out = ''
  child.stdout.on('data', (chunk) => {
    if (!out.includes(ready) && `${out}${chunk}`.includes(ready)) child.stdin.write(keys)
    out += chunk
  })
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ out: out.replaceAll('\r', ''), status: code ?? -1 })),
  )
}

const run = `'${process.execPath}' '${entry}' run`

describe('git prov run on a terminal', () => {
  it('gives the command the terminal itself', async () => {
    const test = provRepository()
    const { out } = await onTerminal(test, `${run} -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo it is one'`)
    expect(out).toMatch(/^it is one\nprov: run [0-9a-f]{6} {2}ok/)
  })

  it('lets Ctrl-C reach the command once, and shows a shell how it ended', async () => {
    const test = provRepository()
    const script = `trap 'echo caught; n=x$n' INT; echo ready; while [ -z "$n" ]; do sleep 0.05; done; sleep 0.3; exit 4`
    const caught = await onTerminal(test, `${run} -- sh -c '${script.replaceAll("'", `'"'"'`)}'`, '\x03')
    expect(caught.out.match(/caught/g)).toHaveLength(1)
    expect([caught.status, caught.out]).toEqual([4, expect.stringMatching(/interrupted[^\n]*\n$/)])
    expect((await onTerminal(test, `${run} -- sh -c 'echo ready; sleep 20'`, '\x03')).status).toBe(130)
    expect(finishedRuns(test).map(({ outcome }) => outcome?.status)).toEqual(['interrupted', 'interrupted'])
  })

  it('stops and goes on with the command (Ctrl-Z, fg)', async () => {
    const test = provRepository()
    const command = `bash --norc -ic "${run} -- sh -c 'echo ready; sleep 1; echo woke; exit 3'; jobs; fg; echo status \\$?"`
    const { out } = await onTerminal(test, command, '\x1a')
    expect(out).toMatch(/Stopped[\s\S]*woke\nprov: run [^\n]*failed \(3\)[^\n]*\nstatus 3/)
  })
})

describe('a question on a terminal', () => {
  it('is answered by what is typed', async () => {
    const test = gitRepository({ 'data/train/a.csv': 'a\n', 'data/train/b.csv': 'b\n' })
    const init = `'${process.execPath}' '${entry}' init`
    const { out, status } = await onTerminal(test, init, 'n\n\n', 'fingerprint')
    expect([status, out]).toEqual([0, expect.stringContaining('[Y/n]')])
    expect(readFileSync(join(test.path, 'prov.yaml'), 'utf8')).toContain('datasets: []')
  })

  it.each([
    ['Ctrl-C ends us as it ends every program', '\x03', 130],
    ['Ctrl-D is the end of the answers', '\x04', 2],
  ])('%s, and nothing is changed', async (_, key, expected) => {
    const test = gitRepository({ 'data/train/a.csv': 'a\n', 'data/train/b.csv': 'b\n' })
    const { out, status } = await onTerminal(test, `'${process.execPath}' '${entry}' init`, key, 'fingerprint')
    expect([status, out.match(/stopped before anything was changed/g)]).toEqual([expected, [expect.anything()]])
    expect(test.git('status', '--porcelain', '--untracked-files=all')).not.toContain('prov.yaml')
    expect(test.git('for-each-ref', 'refs/heads/prov')).toBe('')
  })
})
