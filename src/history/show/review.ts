import { escapeLine, escapeText } from '../../base/escape.ts'
import type { Review } from '../../records/record.ts'

/** What somebody thinks of something. */
export function reviewBody({ verdict, text, decision, line }: Review): string[] {
  const place = [decision ?? '', line === undefined ? '' : `line ${line}`].filter(Boolean).join(', ')
  const head = `${verdict.replace('-', ' ')}${place ? `  ${escapeLine(place)}` : ''}`
  return text
    ? [
        head,
        '',
        ...escapeText(text)
          .split('\n')
          .map((one) => `    ${one}`),
      ]
    : [head]
}
