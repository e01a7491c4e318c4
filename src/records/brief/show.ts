import { escapeText } from '../../base/escape.ts'
import type { KindShow } from '../kind-show.ts'
import type { Brief } from '../record.ts'

export const brief: KindShow<Brief> = { body: briefBody }

/** The intent, the expected benefit, the cost. */
function briefBody({ outcome, impact, tradeOffs, commits }: Brief): string[] {
  const parts = [
    ['intended outcome', outcome],
    ['expected impact', impact],
    ['trade-offs', tradeOffs],
  ] as const
  const lines = parts.flatMap(([label, text]) =>
    text
      ? [
          '',
          label,
          ...escapeText(text)
            .split('\n')
            .map((line) => `  ${line}`),
        ]
      : [],
  )
  return [...(commits ? [`of ${commits.length} commits`] : []), ...lines].slice(commits ? 0 : 1)
}
