import type { Context } from '../context.ts'
import type { ParsedWords } from '../terminal/words.ts'

interface Exportable {
  name: string
  load(): Promise<{ run(parsed: ParsedWords, context: Context): Promise<number> }>
}

/** Everything that can be exported; each is loaded only when it is asked for. */
export const things: readonly Exportable[] = [{ name: 'decision', load: () => import('./madr/export.ts') }]
