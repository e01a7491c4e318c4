import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { statFields } from './process-stat.ts'

/** Sent to us alone, not to the terminal's process group: the command gets them only if we pass them on. */
const passedOn = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const
/** Sent by a terminal to its whole foreground group, including the command. */
const fromTerminal = ['SIGINT', 'SIGQUIT'] as const

/**
 * Relays signals while a command runs: each reaches the command exactly once, and none ends us. (Stop and continue need
 * no relay: the terminal sends them to both.)
 */
export class SignalRelay {
  /** Signals that arrived while the command ran, in order. */
  readonly received: NodeJS.Signals[] = []
  #target: number | undefined
  /** Called for an interrupt that arrives after the command has ended. */
  onLate: (() => void) | undefined
  readonly #listen = (signal: NodeJS.Signals) => this.#take(signal)

  constructor() {
    for (const signal of [...passedOn, ...fromTerminal]) process.on(signal, this.#listen)
  }

  /** The command's process id while it runs. */
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

// signal(7): signals whose default action dumps core. Our core file would overwrite the command's.
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
 * Ends this process by the signal that ended the command, so that the calling shell sees the same. Returns the
 * equivalent exit status instead where dying by the signal would leave a core file.
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
