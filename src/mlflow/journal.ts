import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '../base/errors.ts'
import type { MlflowEvent } from './entities.ts'
import { MlflowStore } from './store.ts'

/** Appends each change to a file as a line of JSON, at once: a process that is killed loses nothing it answered. */
export class MlflowJournal {
  readonly #file: number
  #written = false
  /** Why it could no longer be written; the endpoint goes on from memory. */
  problem: string | undefined

  /** Throws when the file cannot be made. */
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

/** The state that a journal leads to. A last line cut short, and any that is damaged, is passed over. */
export function readJournal(path: string): MlflowStore {
  const store = new MlflowStore()
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    try {
      store.apply(JSON.parse(line) as MlflowEvent)
    } catch {
      // not a whole line, or one about a run whose line is not whole
    }
  }
  return store
}
