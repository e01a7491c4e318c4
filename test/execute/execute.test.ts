import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ExecuteRequest, type Execution, execute } from '../../src/execute/execute.ts'
import { oomKills } from '../../src/execute/out-of-memory.ts'
import { childrenTimes, processTree, statFields } from '../../src/execute/process-stat.ts'
import { SignalRelay } from '../../src/execute/signals.ts'
import { tool } from '../../src/execute/tool.ts'
import { temporaryFolder } from '../support/repository.ts'

let relay: SignalRelay
let folder: string
beforeEach(() => {
  relay = new SignalRelay()
  folder = temporaryFolder()
})
afterEach(() => relay.stop())

const env = { PATH: process.env.PATH }
const run = (command: string[], more: Partial<ExecuteRequest> = {}): Promise<Execution> =>
  execute({ command, folder, env, relay, ...more })
const sh = (script: string, more: Partial<ExecuteRequest> = {}) => run(['sh', '-c', script], more)
const written = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('a command', () => {
  it.each([0, 1, 3, 126, 255])('that exits with %i has done so', async (code) => {
    expect((await sh(`exit ${code}`)).ending).toEqual({ exitCode: code })
  })

  it('runs in its folder with its variables and nothing of ours', async () => {
    process.env.GIT_PROV_TEST_OURS = 'x'
    await sh('pwd >out; echo "$ONLY$GIT_PROV_TEST_OURS" >>out', { env: { ...env, ONLY: 'this' } })
    delete process.env.GIT_PROV_TEST_OURS
    expect(written('out')).toBe(`${folder}\nthis\n`)
  })

  it('gets its words as they are, whatever is in them', async () => {
    const words = ['a b', '', '$HOME', "it's", '*', 'é\n']
    await run(['sh', '-c', 'for word; do printf "[%s]" "$word"; done >out', 'sh', ...words])
    expect(written('out')).toBe(words.map((word) => `[${word}]`).join(''))
  })

  it('is told of by its process id while it runs', async () => {
    let pid = 0
    await sh('echo $$ >out', { onStart: (started) => (pid = started) })
    expect(written('out')).toBe(`${pid}\n`)
  })

  it('that kills itself ends by the signal', async () => {
    const { ending, outcome } = await sh('kill -SEGV $$')
    expect(ending).toEqual({ signal: 'SIGSEGV' })
    expect(outcome).toEqual({ status: 'killed', signal: 'SIGSEGV' })
  })

  it.each([
    ['that is not there', 'no-such-program', 127, 'no-such-program: command not found'],
    ['without a word', '', 126, expect.any(String)],
  ])('%s is not started', async (_, program, exitCode, notStarted) => {
    expect((await run([program])).ending).toEqual({ notStarted, exitCode })
  })

  it('that may not be run is not started, nor is a folder', async () => {
    writeFileSync(join(folder, 'plain'), '#!/bin/sh\n')
    chmodSync(join(folder, 'plain'), 0o644)
    mkdirSync(join(folder, 'sub'))
    for (const name of ['plain', 'sub'])
      expect((await run([join(folder, name)])).ending).toEqual({
        notStarted: `${join(folder, name)}: permission denied`,
        exitCode: 126,
      })
  })

  it('whose words are too many is not started, and said so', async () => {
    expect((await run(['true', 'x'.repeat(4_000_000)])).ending).toEqual({
      notStarted: 'true: argument list too long',
      exitCode: 126,
    })
  })
})

describe('what a command took', () => {
  it('is its own: processor, time and the largest process below it', async () => {
    const busy = 'const a = Buffer.alloc(150e6, 1); const end = Date.now() + 400; while (Date.now() < end) a[0]++'
    const { usage, started, ended } = await sh(`"${process.execPath}" -e '${busy}'; :`)
    expect(usage.wallSeconds).toBeGreaterThan(0.4)
    expect(ended.getTime() - started.getTime()).toBeGreaterThanOrEqual(400)
    expect((usage.userSeconds ?? 0) + (usage.systemSeconds ?? 0)).toBeGreaterThan(0)
    expect(usage.maxResidentBytes).toBeGreaterThan(150e6)
  })

  // The kernel adds up all children of a process: one that an earlier test left may end just now.
  it('a command that was not started took nothing', { retry: 5 }, async () => {
    const { usage } = await run(['no-such-program'])
    expect(usage).toMatchObject({ userSeconds: 0, systemSeconds: 0 })
    expect(usage.maxResidentBytes).toBeUndefined()
  })
})

describe('a signal to us', () => {
  /** Sends us signals as soon as the command says that it is ready. */
  const signalled = async (script: string, ...signals: NodeJS.Signals[]) => {
    const running = sh(script)
    while (!hasStarted()) await new Promise((resolve) => setTimeout(resolve, 5))
    for (const signal of signals) process.kill(process.pid, signal)
    return await running
  }
  const hasStarted = () => {
    try {
      return written('ready') !== ''
    } catch {
      return false
    }
  }
  // Ends by itself when no signal comes.
  const waiting = 'echo x >ready; i=0; while [ $i -lt 100 ]; do sleep 0.02; i=$((i + 1)); done; exit 9'

  it.each(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)('%s reaches the command', async (signal) => {
    const { ending } = await signalled(`trap 'exit 7' ${signal.slice(3)}; ${waiting}`, signal)
    expect(ending).toEqual({ exitCode: 7 })
    expect(relay.received).toEqual([signal])
  })

  it('is an interrupt where it asks for the end, and the command has a say', async () => {
    const { outcome } = await signalled(`trap 'exit 7' TERM; ${waiting}`, 'SIGTERM')
    expect(outcome).toEqual({ status: 'interrupted', exitCode: 7, signal: 'SIGTERM' })
  })

  it('when no command runs is told as late only where it interrupts', async () => {
    const late: string[] = []
    relay.onLate = () => late.push('late')
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.kill(process.pid, signal)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(late).toEqual(['late'])
    expect(relay.received).toEqual([])
  })
})

describe('what the kernel says of processes', () => {
  it('the tree of a process is it and all below it', async () => {
    let seen: number[] = []
    const looking = sh('echo $$ >ready; sleep 0.3; :', {
      onStart: (pid) => setTimeout(() => (seen = processTree(pid)), 150),
    })
    await looking
    expect(seen).toHaveLength(2)
    expect(seen[0]).toBe(Number(written('ready')))
  })

  it('a process that is gone has no fields, and no children', () => {
    expect(statFields(2 ** 22 + 1)).toBeUndefined()
    expect(processTree(2 ** 22 + 1)).toEqual([2 ** 22 + 1])
  })

  it('a name with brackets and blanks is one field', async () => {
    const name = 'a) b (c'
    writeFileSync(join(folder, name), '#!/bin/sh\nsleep 0.3\n')
    chmodSync(join(folder, name), 0o755)
    let fields: string[] | undefined
    const look = (pid: number) => setTimeout(() => (fields = statFields(pid)), 150)
    await run([join(folder, name)], { onStart: look })
    expect(fields?.[1]).toBe(`(${name})`)
    expect(fields?.[3]).toBe(String(process.pid))
  })

  it('times of children and kills for memory are numbers, where it tells them', () => {
    expect(childrenTimes()).toEqual({ user: expect.any(Number), system: expect.any(Number) })
    expect(oomKills() ?? 0).toBeGreaterThanOrEqual(0)
  })
})

describe('a helper program', () => {
  const place = () => ({ cwd: folder, env })
  it('is run to its end, and what it said on both streams is one text', async () => {
    expect(await tool('sh', ['-c', 'echo out; echo err >&2; exit 4'], place())).toEqual({
      status: 4,
      text: expect.stringMatching(/^(out\nerr|err\nout)\n$/),
    })
  })

  it('keeps the end of what it said at length', async () => {
    const { text } = await tool(process.execPath, ['-e', "process.stdout.write('a'.repeat(100000) + 'end')"], place())
    expect(text).toHaveLength(64 * 1024)
    expect(text.endsWith('aend')).toBe(true)
  })

  it('that is not there has status 127', async () => {
    expect(await tool('no-such-program', [], place())).toMatchObject({ status: 127 })
  })
})
