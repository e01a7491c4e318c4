import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { statFields } from './process-stat.ts'

/** Sent to one process and not to a terminal's group: the command would not get them unless we pass them on. */
const passedOn = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const
/** What a terminal sends to its whole foreground group, the command among it. */
const fromTerminal = ['SIGINT', 'SIGQUIT'] as const

/**
 * Stands between signals and us while a command runs: what was meant for the command reaches it once, and none of it
 * ends us. (Stop and continue need nothing: the terminal sends them to both.)
 */
export class SignalRelay {
  /** Those that came while the command ran, in order. */
  readonly received: NodeJS.Signals[] = []
  #target: number | undefined
  /** Called for an interrupt that comes when the command has ended. */
  onLate: (() => void) | undefined
  readonly #listen = (signal: NodeJS.Signals) => this.#take(signal)

  constructor() {
    for (const signal of [...passedOn, ...fromTerminal]) process.on(signal, this.#listen)
  }

  /** The command's process id, from its start until it has ended. */
  set target(pid: number | undefined) {
    this.#target = pid
  }

  stop(): void {
    for (const signal of [...passedOn, ...fromTerminal]) process.removeListener(signal, this.#listen)
  }

  #take(signal: NodeJS.Signals): void {
    if (this.#target === undefined) return void (this.received.length > 0 || signal === 'SIGINT' ? this.onLate?.() : 0)
    this.received.push(signal)
    const shared = (fromTerminal as readonly string[]).includes(signal) && isForeground()
    if (!shared) send(this.#target, signal)
  }
}

/** proc(5), stat: pgrp is field 5, tpgid field 8 (-1 without a terminal). */
function isForeground(): boolean {
  const fields = statFields('self')
  return fields !== undefined && fields[4] === fields[7]
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has just ended
  }
}

// signal(7): those whose default is a core file. Ours would be written over the command's.
const withCore = new Set([
  'SIGQUIT',
  'SIGILL',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGTRAP',
  'SIGSYS',
  'SIGXCPU',
])

/**
 * Ends this process as the command ended, so that a shell above sees the same. Returns the exit status that says so,
 * where dying of the signal would leave a core file.
 */
export function dieBy(signal: NodeJS.Signals): number {
  const status = 128 + (constants.signals[signal] ?? 0)
  if (withCore.has(signal) && !coresAreOff()) return status
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  return status
}

function coresAreOff(): boolean {
  try {
    return /^Max core file size +0 /m.test(readFileSync('/proc/self/limits', 'latin1'))
  } catch {
    return false
  }
}
