import { escapeLine, escapeText } from '../../base/escape.ts'
import type { KindShow } from '../kind-show.ts'
import type { Review } from '../record.ts'

export const review: KindShow<Review> = { body: reviewBody }

/** A reviewer's verdict and comment. */
function reviewBody({ verdict, text, decision, line }: Review): string[] {
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
