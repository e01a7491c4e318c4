import { messageOf, ProvError } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import { loadConfig } from '../../config/config-file.ts'
import type { Repository } from '../../git/repository.ts'
import type { LocalDir } from '../../ledger/local/local-dir.ts'

/** A prov.yaml that cannot be read, or declares no data. */
export async function configFindings(repository: Repository, local: LocalDir): Promise<Finding[]> {
  try {
    const { datasets } = await loadConfig(repository, local.cache)
    return repository.workTree && datasets.length === 0 ? [noDatasets] : []
  } catch (error) {
    return [unreadable(error)]
  }
}

const noDatasets: Finding = {
  code: 'no-datasets',
  severity: 'info',
  where: 'prov.yaml',
  message: 'no dataset is declared',
  hint: 'git prov dataset add <name> <path>',
}

/** The position is part of the message: `prov.yaml:3:5: what is wrong there`. */
function unreadable(error: unknown): Finding {
  const text = messageOf(error)
  const [, where = 'prov.yaml', message = text] = text.match(/^(prov\.yaml[:\d]*): (.*)$/) ?? []
  const hint = (error instanceof ProvError && error.hint) || 'fix it; until then commits are captured without data'
  return { code: 'config', severity: 'error', where, message, hint }
}
