import { escapeText } from '../../base/escape.ts'
import type { Paint } from '../../render/colour.ts'
import type { KindShow } from '../kind-show.ts'
import type { Remark } from '../record.ts'

export const remark: KindShow<Remark> = { body: remarkBody }

/** A remark about a record. */
export function remarkBody({ text, lesson, failure }: Remark, paint: Paint): string[] {
  const parts: [string, string | undefined][] = [
    ['note', text],
    ['failure', failure],
    ['lesson', lesson],
  ]
  return parts.flatMap(([label, words]) =>
    words
      ? [
          paint.label(label),
          ...escapeText(words)
            .split('\n')
            .map((line) => `    ${line}`),
          '',
        ]
      : [],
  )
}
