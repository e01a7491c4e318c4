import { ProvError } from '../../base/errors.ts'
import { nearest } from '../../base/nearest.ts'
import { slugOf } from '../model/slug.ts'

/** Finds a decision file by id, path or unique start of an id. Throws `unknown-revision` or `ambiguous`. */
export function findDraft<Named extends { slug: string; file?: string }>(
  drafts: readonly Named[],
  word: string,
): Named {
  const exact = drafts.filter(({ file, slug }) => file === word || slug === word || slug === slugOf(word))
  const found = exact.length > 0 ? exact : drafts.filter(({ slug }) => slug.startsWith(word))
  if (found.length === 1) return found[0] as Named
  if (found.length > 1)
    throw new ProvError('ambiguous', `'${word}' names ${found.length} decisions`, {
      hint: `type one of: ${found
        .slice(0, 10)
        .map(({ file, slug }) => (exact.length > 1 ? file : slug))
        .join(' ')}`,
    })
  const guess = nearest(
    word,
    drafts.map(({ slug }) => slug),
  )
  throw new ProvError('unknown-revision', `there is no decision '${word}'`, {
    hint: guess ? `did you mean '${guess}'?` : 'git prov decision list',
  })
}
