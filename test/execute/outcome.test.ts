import { describe, expect, it } from 'vitest'
import { type Ending, outcomeOf } from '../../src/execute/outcome.ts'

describe('what a record tells of how a command ended', () => {
  it.each<[string, Ending, NodeJS.Signals[], boolean, ReturnType<typeof outcomeOf>]>([
    ['well', { exitCode: 0 }, [], false, { status: 'ok', exitCode: 0 }],
    ['well, whatever signal it took in its stride', { exitCode: 0 }, ['SIGTERM'], false, { status: 'ok', exitCode: 0 }],
    ['by itself', { exitCode: 3 }, [], false, { status: 'failed', exitCode: 3 }],
    [
      'by itself, after an interrupt',
      { exitCode: 1 },
      ['SIGUSR1', 'SIGTERM', 'SIGINT'],
      false,
      { status: 'interrupted', exitCode: 1, signal: 'SIGTERM' },
    ],
    ['after a signal that is no interrupt', { exitCode: 1 }, ['SIGUSR1'], false, { status: 'failed', exitCode: 1 }],
    ['by an interrupt', { signal: 'SIGINT' }, ['SIGINT'], false, { status: 'interrupted', signal: 'SIGINT' }],
    ['by its terminal going', { signal: 'SIGHUP' }, [], false, { status: 'interrupted', signal: 'SIGHUP' }],
    ['by another signal', { signal: 'SIGSEGV' }, [], false, { status: 'killed', signal: 'SIGSEGV' }],
    ['killed by somebody', { signal: 'SIGKILL' }, [], false, { status: 'killed', signal: 'SIGKILL' }],
    ['killed for memory', { signal: 'SIGKILL' }, [], true, { status: 'out-of-memory', signal: 'SIGKILL' }],
    ['with a child killed for memory', { exitCode: 137 }, [], true, { status: 'out-of-memory', exitCode: 137 }],
    ['with a child killed by somebody', { exitCode: 137 }, [], false, { status: 'failed', exitCode: 137 }],
    ['by itself, though something was killed for memory', { exitCode: 1 }, [], true, { status: 'failed', exitCode: 1 }],
    [
      'before it began',
      { notStarted: 'x: command not found', exitCode: 127 },
      [],
      false,
      { status: 'not-started', exitCode: 127, reason: 'x: command not found' },
    ],
  ])('%s', (_, ending, received, oom, outcome) => {
    expect(outcomeOf(ending, received, oom)).toEqual(outcome)
  })
})
