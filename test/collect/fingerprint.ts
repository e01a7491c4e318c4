import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type FingerprintInput, fingerprintDatasets } from '../../src/collect/datasets.ts'
import type { Dataset } from '../../src/generated/types.ts'
import { ObjectReader } from '../../src/git/objects/objects.ts'
import { locateRepository } from '../../src/git/repository.ts'
import type { TestRepository } from '../support/repository.ts'

/** The fingerprint of one path at HEAD, or as the options say. */
export async function fingerprint(
  test: TestRepository,
  path: string,
  options: Partial<FingerprintInput> = {},
): Promise<Dataset> {
  const repository = locateRepository(test.path, test.env)
  const objects = new ObjectReader(repository)
  try {
    const commit = options.commit ?? {
      oid: test.run('git', ['rev-parse', '-q', '--verify', 'HEAD']).stdout.trim() || '0'.repeat(40),
    }
    const all = await fingerprintDatasets({
      repository,
      objects,
      commit,
      datasets: [{ name: 'd', path }],
      cacheDir: join(test.path, '.git/prov/cache'),
      late: false,
      deadline: Number.POSITIVE_INFINITY,
      ...options,
    })
    return all.d?.dataset as Dataset
  } finally {
    objects.close()
  }
}

/** What anyone can type to get the digest of a folder. */
export const coreutils = (folder: string) =>
  execFileSync(
    'sh',
    ['-c', "find -L . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 -r sha256sum -- | sha256sum | cut -c1-64"],
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  ).trim()
