import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '../base/errors.ts'
import type { MlflowEvent } from './entities.ts'
import { MlflowStore } from './store.ts'

/**
 * Appends each change to a file as a line of JSON before it is answered: a killed process loses nothing it
 * acknowledged.
 */
export class MlflowJournal {
  readonly #file: number
  #written = false
  /** Why it can no longer be written; the endpoint continues in memory. */
  problem: string | undefined

  /** Throws when the file cannot be created. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.#file = openSync(path, 'a', 0o600)
  }

  append(event: MlflowEvent): void {
    if (this.problem !== undefined) return
    this.#written = true
    try {
      const line = Buffer.from(`${JSON.stringify(event)}\n`)
      for (let at = 0; at < line.length; ) at += writeSync(this.#file, line, at)
    } catch (error) {
      this.problem = messageOf(error)
    }
  }

  close(): void {
    try {
      if (this.#written) fsyncSync(this.#file)
    } catch (error) {
      this.problem ??= messageOf(error)
    }
    closeSync(this.#file)
  }
}

/** Replays a journal into a store. Damaged lines, and a last line cut short, are skipped. */
export function readJournal(path: string): MlflowStore {
  const store = new MlflowStore()
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    try {
      store.apply(JSON.parse(line) as MlflowEvent)
    } catch {
      // an incomplete line, or one about a run whose own line is incomplete
    }
  }
  return store
}
