import { escapeText } from '../../base/escape.ts'
import { plural } from '../../base/quantity.ts'
import type { Archive } from '../../records/record.ts'

/** What an archive record let go, and where it lies now. */
export function archiveBody({ archive, removes, before, held, reason }: Archive): string[] {
  return [
    `folds ${plural(removes.length, 'file')}${before ? ` before ${before}` : ''} into archives/${archive.slice(0, 2)}/${archive}.txt`,
    ...(held ? [`    ${plural(held, 'record')} under a legal hold stayed`] : []),
    ...removes.map((path) => `    ${path}`),
    ...(reason ? ['', ...escapeText(reason).split('\n')] : []),
  ]
}
