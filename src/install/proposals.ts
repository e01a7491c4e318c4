import type { DatasetDeclaration } from '../config/config.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { dataFolders } from './proposals/data-folders.ts'
import { dvcOutputs } from './proposals/dvc.ts'
import { environments } from './proposals/environments.ts'
import type { Found } from './proposals/found.ts'
import { lfsPaths } from './proposals/lfs.ts'
import { nameDatasets } from './proposals/name-datasets.ts'

/** What a repository seems to contain, as proposals for prov.yaml. */
export interface Proposals {
  datasets: (DatasetDeclaration & Found)[]
  parameters: string[]
  metrics: string[]
  environments: string[]
}

/** Looks for data, parameters, metrics and environments in their usual places. */
export async function findProposals(repository: Repository): Promise<Proposals> {
  const top = repository.workTree ?? repository.cwd
  const files = listFiles(repository)
  const dvc = await dvcOutputs(top, files)
  const metrics = files.filter((path) => /^([\w-]+\/)?(metrics|scores|results)[\w.-]*\.(json|ya?ml|toml)$/.test(path))
  const datasets = nameDatasets(
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
