import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { NotesChain } from '../append/notes-chain.ts'
import type { LocalDir } from './local-dir.ts'

/** What this clone knows since it last moved the refs itself, as long as they are still there. */
export interface LastFold {
  branch: string
  notes: string
  /** Levels of fan-out in the notes tree. */
  depth: number
  /** Text of the notes written then, by commit. */
  texts: Record<string, string>
  chain: NotesChain
}

const most = 8

export function readLastFold(local: LocalDir): LastFold | undefined {
  try {
    return JSON.parse(readFileSync(join(local.cache, 'last-fold.json'), 'utf8')) as LastFold
  } catch {
    return undefined
  }
}

/** Of many notes none is kept: what follows a long rebase looks them up. */
export function writeLastFold(local: LocalDir, fold: LastFold): void {
  const texts = Object.keys(fold.texts).length <= most ? fold.texts : {}
  replaceFile(join(local.cache, 'last-fold.json'), JSON.stringify({ ...fold, texts }))
}

/** The note of a commit from the last fold, while the notes are where it left them. */
export function rememberedNote(local: LocalDir, notesTip: string | undefined, commit: string): string | undefined {
  const last = notesTip === undefined ? undefined : readLastFold(local)
  return last && last.notes === notesTip ? last.texts[commit] : undefined
}
