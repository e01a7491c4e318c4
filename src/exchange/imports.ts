import type { ImportRequest } from './import-request.ts'

interface ImportFormat {
  name: string
  load(): Promise<(request: ImportRequest) => Promise<number>>
}

/** Everything that can be imported; each is loaded only when requested. */
export const formats: readonly ImportFormat[] = [
  { name: 'dvc', load: async () => (await import('./dvc/import.ts')).importDvc },
  { name: 'dvclive', load: async () => (await import('./dvclive/import.ts')).importDvclive },
  { name: 'mlflow', load: async () => (await import('./mlflow/import.ts')).importMlflow },
  { name: 'datalad', load: async () => (await import('./datalad/import.ts')).importDatalad },
  { name: 'madr', load: async () => (await import('./madr/import.ts')).importDecisions('madr') },
  { name: 'adr-tools', load: async () => (await import('./madr/import.ts')).importDecisions('adr-tools') },
  { name: 'log4brains', load: async () => (await import('./madr/import.ts')).importDecisions('log4brains') },
]
