import { homedir } from 'node:os'
import { isAbsolute, join, relative } from 'node:path'
import type { Run } from '../../records/record.ts'
import { replaced } from '../subject.ts'
import { insideOf } from './inside.ts'

/** What to start, and where; or why it cannot be started. */
export type ReplayCommand = { words: string[]; folder: string } | { reason: string }

/**
 * The recorded command for a workspace: `<home>` becomes the home folder of whoever replays; absolute paths into the
 * recorded work tree become paths into the workspace. This folder sets up the workspace and what the command sees in it.
 */
export function commandFor(
  { command, workingFolder }: Run,
  top: string,
  workTree: string | undefined,
  home = homedir(),
): ReplayCommand {
  const folder = insideOf(top, workingFolder)
  if (folder === undefined) return { reason: `it ran in ${workingFolder}, which is outside the work tree` }
  const words = command.map((word) => moved(word.replaceAll('<home>', home), top, workTree))
  const index = words.findIndex((word) => replaced.test(word))
  if (index >= 0) {
    const [text, kind] = replaced.exec(words[index] as string) ?? []
    const why =
      kind === 'restricted' ? 'which no key here opens (prov.identity)' : 'in place of what was kept out of the record'
    return { reason: `its command contains ${text}, ${why}` }
  }
  return { words, folder }
}

function moved(word: string, top: string, workTree: string | undefined): string {
  if (workTree === undefined || !word.includes(workTree)) return word
  if (isAbsolute(word)) {
    const inside = relative(workTree, word)
    return inside.startsWith('..') ? word : join(top, inside)
  }
  return word.replaceAll(`${workTree}/`, `${top}/`)
}
