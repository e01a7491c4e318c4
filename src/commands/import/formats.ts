import type { ImportRequest } from './request.ts'

interface ImportFormat {
  name: string
  load(): Promise<{ run(request: ImportRequest): Promise<number> }>
}

/** Everything that can be imported; each is loaded only when it is asked for. */
export const formats: readonly ImportFormat[] = [
  { name: 'dvc', load: () => import('./dvc.ts') },
  { name: 'dvclive', load: () => import('./dvclive.ts') },
  { name: 'mlflow', load: () => import('./mlflow.ts') },
  { name: 'datalad', load: () => import('./datalad.ts') },
  { name: 'madr', load: () => import('./madr.ts') },
  { name: 'adr-tools', load: () => import('./adr-tools.ts') },
  { name: 'log4brains', load: () => import('./log4brains.ts') },
]
