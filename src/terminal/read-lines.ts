import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'

const most = 1024 * 1024

/** The non-empty lines of standard input. Throws `usage` when there are none, or the input is too long. */
export async function readLines({ stdin }: Context): Promise<string[]> {
  let text = ''
  for await (const chunk of stdin) {
    text += (chunk as Buffer).toString('utf8')
    if (text.length > most)
      throw new ProvError('usage', 'standard input is longer than 1 MB', { hint: 'one secret per line' })
  }
  const lines = text.split(/\r?\n/).filter(Boolean)
  if (lines.length > 0) return lines
  throw new ProvError('usage', '--stdin was given, but standard input is empty', { hint: 'one secret per line' })
}
