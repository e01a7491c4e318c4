import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { hashFile } from '../../collect/datasets/hash-file.ts'
import { parseYamlText } from '../commit-files.ts'
import { type FolderFile, readMlflowFolder } from './folder.ts'
import { type MlflowRun, readMeta } from './format.ts'

const skipped = new Set(['.git', 'node_modules', '.venv', 'venv', '.dvc', 'artifacts', 'datasets', 'models', '.trash'])
const deepest = 6

/** MLflow run folders and SQLite files below a folder, recognised by their content: the folder may have any name. */
export function findStores(top: string): { runs: string[]; databases: string[] } {
  const found = { runs: [] as string[], databases: [] as string[] }
  const walk = (folder: string, depth: number) => {
    const entries = readdirSync(folder, { withFileTypes: true })
    const names = new Set(entries.map(({ name }) => name))
    if (names.has('meta.yaml') && (names.has('metrics') || names.has('params') || names.has('tags')))
      found.runs.push(folder)
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (entry.isFile() && /^(mlflow|mlruns)\.(db|sqlite3?)$/.test(entry.name)) found.databases.push(path)
      if (entry.isDirectory() && depth < deepest && !skipped.has(entry.name)) walk(path, depth + 1)
    }
  }
  if (lstatSync(top).isDirectory()) walk(top, 0)
  else found.databases.push(top)
  return found
}

/** A run from its folder on disk. `top` is the top of the work tree. */
export async function readRunFolder(folder: string, top: string): Promise<MlflowRun | undefined> {
  if (!readMeta(await yamlAt(join(folder, 'meta.yaml')))) return undefined
  const above = dirname(folder)
  const experiment = (await yamlAt(join(above, 'meta.yaml'))) as { name?: unknown } | undefined
  return await readMlflowFolder(listFolder(folder, top), {
    ...(typeof experiment?.name === 'string' && { name: experiment.name }),
    dataset: (id) => yamlAt(join(above, 'datasets', id, 'meta.yaml')),
  })
}

const maxYaml = 1024 * 1024

async function yamlAt(path: string): Promise<unknown> {
  if (!existsSync(path) || statSync(path).size > maxYaml) return undefined
  return await parseYamlText(readFileSync(path, 'utf8'))
}

function listFolder(folder: string, top: string): FolderFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const absolute = join(entry.parentPath, entry.name)
      const path = relative(folder, absolute).split(sep).join('/')
      const below = relative(top, absolute).split(sep).join('/')
      const shownPath = below.startsWith('..') ? `${basename(folder)}/${path}` : below
      return { path, read: async () => readFileSync(absolute), describe: () => describeFile(absolute, shownPath) }
    })
}

async function describeFile(absolute: string, path: string) {
  const stat = statSync(absolute, { bigint: true })
  const hashed = await hashFile(absolute, stat, () => true)
  const file = { path, declared: 'mlflow' as const, bytes: Number(stat.size) }
  if ('digest' in hashed) return { ...file, state: 'complete' as const, digest: hashed.digest }
  return { ...file, state: 'incomplete' as const, reason: 'reason' in hashed ? hashed.reason : 'not read' }
}
