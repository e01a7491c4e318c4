import { escapeText } from '../../base/escape.ts'
import type { Remark } from '../../records/record.ts'
import type { Paint } from '../../render/colour.ts'

/** What somebody had to say of a record. */
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
