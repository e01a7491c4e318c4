import { escapeText } from '../../core/escape.ts'
import type { Remark } from '../../core/record.ts'
import type { Paint } from '../colour.ts'

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
