import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MlflowError } from './error.ts'
import { optionalText } from './fields.ts'
import type { Routes } from './route.ts'
import { runOf } from './runs.ts'

/** Clients write and read artifacts themselves, in the folder the run names; here they are only listed. */
export const artifacts: Routes = {
  'GET artifacts/list': (fields, endpoint) => {
    const { folders } = endpoint
    const run = runOf(fields, endpoint)
    const path = optionalText(fields, 'path') ?? ''
    if (path.startsWith('/') || path.split('/').includes('..'))
      throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid path')
    const folder = join(folders.root, run.folder, path)
    const entries = statSync(folder, { throwIfNoEntry: false })?.isDirectory()
      ? readdirSync(folder, { withFileTypes: true })
      : []
    const files = entries.map((entry) => ({
      path: path === '' ? entry.name : `${path}/${entry.name}`,
      is_dir: entry.isDirectory(),
      ...(entry.isFile() && { file_size: statSync(join(folder, entry.name)).size }),
    }))
    return { root_uri: folders.uriOf(run.folder), files }
  },
}
