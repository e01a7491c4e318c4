import type { ExportRequest } from './export-request.ts'

interface Exportable {
  name: string
  /** Whether these words and this output can be meant. */
  takes(request: ExportRequest): boolean
  /** What is said of words that cannot, or of no form. */
  misuse: { message: string; hint: string }
  /** The forms of other tools it can be written in: each has a flag of its name, and is loaded when it is asked for. */
  forms: readonly { name: string; load(): Promise<(request: ExportRequest) => Promise<number>> }[]
}

/** Everything that can be exported, and in which forms. */
export const exportables: readonly Exportable[] = [
  {
    name: 'decision',
    takes: ({ words, output }) => words.length === 1 || (words.length > 1 && output !== undefined),
    misuse: {
      message: 'export decision takes one decision and --madr, or several and --output <folder>',
      hint: 'git prov export decision <id> --madr',
    },
    forms: [{ name: 'madr', load: async () => (await import('./madr/export.ts')).exportMadr }],
  },
]
