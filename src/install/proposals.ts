import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseOutputs } from '../collect/datasets/dvc.ts'
import type { DatasetDeclaration } from '../config/config.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'

/** What a repository seems to hold, for prov.yaml to begin with. */
export interface Proposals {
  datasets: (DatasetDeclaration & { because: string })[]
  parameters: string[]
  metrics: string[]
  environments: string[]
}

/** Looks for data, parameters, metrics and environments where projects of this field keep them. */
export async function findProposals(repository: Repository): Promise<Proposals> {
  const top = repository.workTree ?? repository.cwd
  const files = listFiles(repository)
  const dvc = await dvcOutputs(top, files)
  const metrics = files.filter((path) => /^([\w-]+\/)?(metrics|scores|results)[\w.-]*\.(json|ya?ml|toml)$/.test(path))
  const datasets = named(
    [...dvc, ...lfsPaths(repository, files), ...dataFolders(top, dvc)].filter(({ path }) => !metrics.includes(path)),
  )
  return {
    datasets,
    parameters: files.filter((path) => /^(params|parameters|hyperparameters)\.(ya?ml|json|toml)$/.test(path)),
    metrics,
    environments: environments(top, files),
  }
}

/** Tracked and untracked-not-ignored files, from the top. */
function listFiles(repository: Repository): string[] {
  const result = tryGit(repository, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'])
  return result.stdout.toString('utf8').split('\0').filter(Boolean)
}

type Found = { path: string; because: string }

async function dvcOutputs(top: string, files: readonly string[]): Promise<Found[]> {
  const found: Found[] = []
  for (const file of files) {
    const lock = /(^|\/)dvc\.lock$/.test(file)
    if (!lock && !file.endsWith('.dvc')) continue
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : ''
    try {
      const outputs = await parseOutputs(readFileSync(join(top, file), 'utf8'))
      // A stage's small text outputs are its metrics and plots; its data and models are what matters.
      found.push(
        ...outputs
          .filter(({ path }) => !/\.(json|ya?ml|csv|tsv|png|svg|html|txt|md)$/.test(path) || !lock)
          .map(({ path }) => ({ path: clean(folder + path), because: `DVC output (${file})` })),
      )
    } catch {
      // gone meanwhile
    }
  }
  return found
}

const clean = (path: string) => path.replace(/\/+$/, '').replace(/(^|\/)\.\//g, '$1')

/** Paths .gitattributes gives to git-lfs, by their folder when one has several. */
function lfsPaths(repository: Repository, files: readonly string[]): Found[] {
  if (!files.some((path) => /(^|\/)\.gitattributes$/.test(path))) return []
  const result = tryGit(repository, ['check-attr', '-z', '--stdin', 'filter'], files.join('\0'))
  const parts = result.stdout.toString('utf8').split('\0')
  const paths = parts.filter((_, index) => index % 3 === 0 && parts[index + 2] === 'lfs')
  const folders = new Map<string, string[]>()
  for (const path of paths) {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
    folders.set(folder, [...(folders.get(folder) ?? []), path])
  }
  return [...folders].flatMap(([folder, inside]) =>
    folder === '' || inside.length === 1
      ? inside.map((path) => ({ path, because: 'tracked by git-lfs' }))
      : [{ path: folder, because: `${inside.length} files tracked by git-lfs` }],
  )
}

function dataFolders(top: string, dvc: readonly Found[]): Found[] {
  return ['data', 'dataset', 'datasets', 'inputs']
    .filter(
      (name) => holdsData(join(top, name)) && !dvc.some(({ path }) => path === name || path.startsWith(`${name}/`)),
    )
    .flatMap((name) => {
      const folders = subfolders(join(top, name))
      return folders.length > 0 && folders.length <= 8
        ? folders
            // Not the folder of a submodule that is not checked out.
            .filter((folder) => holdsData(join(top, name, folder)))
            .map((folder) => ({ path: `${name}/${folder}`, because: 'folder of data' }))
        : [{ path: name, because: 'folder of data' }]
    })
}

function holdsData(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => !name.startsWith('.') && !/\.(py|R|ipynb|md|dvc)$/.test(name))
  } catch {
    return false
  }
}

/** Its subfolders, when it has nothing else that counts. */
function subfolders(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && !/^readme/i.test(name))
  return names.every((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory())
    ? names.sort()
    : []
}

function environments(top: string, files: readonly string[]): string[] {
  const venvs = ['.venv', 'venv', 'env'].filter((name) =>
    statSync(join(top, name, 'pyvenv.cfg'), { throwIfNoEntry: false }),
  )
  const locks = files.filter((path) =>
    /^(uv\.lock|poetry\.lock|requirements[\w.-]*\.txt|environment\.ya?ml|renv\.lock|Manifest\.toml|package-lock\.json|Pipfile\.lock)$/.test(
      path,
    ),
  )
  return [...venvs, ...locks]
}

/** One name a dataset, from the last parts of its path. */
function named(found: readonly Found[]): Proposals['datasets'] {
  const taken = new Set<string>()
  const seen = new Set<string>()
  return found.flatMap(({ path, because }) => {
    if (seen.has(path) || path === '') return []
    seen.add(path)
    const parts = path.split('/').map((part) => part.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, ''))
    const last = parts.at(-1) || 'data'
    let name = last.replace(/\.[a-z0-9]{1,5}$/i, '') || last
    if (taken.has(name)) name = parts.filter(Boolean).join('-')
    for (let n = 2; taken.has(name); n++) name = `${last}-${n}`
    taken.add(name)
    return [{ name: name.slice(0, 128), path, because }]
  })
}
