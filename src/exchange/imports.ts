import type { ImportRequest } from './import-request.ts'

interface ImportFormat {
  name: string
  load(): Promise<{ run(request: ImportRequest): Promise<number> }>
}

/** Everything that can be imported; each is loaded only when it is asked for. */
export const formats: readonly ImportFormat[] = [
  { name: 'dvc', load: () => import('./dvc/import.ts') },
  { name: 'dvclive', load: () => import('./dvclive/import.ts') },
  { name: 'mlflow', load: () => import('./mlflow/import.ts') },
  { name: 'datalad', load: () => import('./datalad/import.ts') },
  { name: 'madr', load: () => import('./madr/madr.ts') },
  { name: 'adr-tools', load: () => import('./madr/adr-tools.ts') },
  { name: 'log4brains', load: () => import('./madr/log4brains.ts') },
]
