import type { Context } from '../../context.ts'

/** What the command line asks an import to do. */
export interface ImportRequest {
  context: Context
  /** As typed: a file or folder to read instead of what is found in the repository. */
  path: string | undefined
  /** Only say what would come. */
  dryRun: boolean
  json: boolean
}

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
