import { type Place, tryGit } from '../run.ts'

/** Whether any blob in a tree contains a text (git-grep(1), fixed string). */
export function holdsText(place: Place, tree: string, text: string): boolean {
  return tryGit(place, ['grep', '--quiet', '--fixed-strings', '-e', text, tree]).status === 0
}
