import { dieBy } from '../execute/signals.ts'

/** On a signal, removes the temporary folders and ends the process; while a command runs, the signal is for the command. */
export class Guard {
  readonly #take: (signal: NodeJS.Signals) => void

  constructor(close: () => void) {
    this.#take = (signal) => {
      close()
      dieBy(signal)
    }
    this.on()
  }

  on(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, this.#take)
  }

  off(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, this.#take)
  }
}
