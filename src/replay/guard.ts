import { dieBy } from '../execute/signals.ts'

/** A signal takes the temporary folders away and then ends us; but not while a command runs, which is to get it. */
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
