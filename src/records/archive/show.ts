import { escapeText } from '../../base/escape.ts'
import { plural } from '../../base/quantity.ts'
import type { Archive } from '../../records/record.ts'
import type { KindShow } from '../kind-show.ts'

export const archive: KindShow<Archive> = { body: archiveBody }

/** What an archive record removed, and where it is now. */
function archiveBody({ archive, removes, before, held, reason }: Archive): string[] {
  return [
    `folds ${plural(removes.length, 'file')}${before ? ` before ${before}` : ''} into archives/${archive.slice(0, 2)}/${archive}.txt`,
    ...(held ? [`    ${plural(held, 'record')} under a legal hold stayed`] : []),
    ...removes.map((path) => `    ${path}`),
    ...(reason ? ['', ...escapeText(reason).split('\n')] : []),
  ]
}
