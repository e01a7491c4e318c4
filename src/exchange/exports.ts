import type { ExportRequest } from './export-request.ts'

interface Exportable {
  name: string
  /** Whether these arguments and this output are valid. */
  takes(request: ExportRequest): boolean
  /** The error for invalid arguments, or without a format. */
  misuse: { message: string; hint: string }
  /** The formats it can be written in: each has a flag of its name, and is loaded when needed. */
  forms: readonly { name: string; load(): Promise<(request: ExportRequest) => Promise<number>> }[]
}

/** Everything that can be exported, with its formats. */
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
