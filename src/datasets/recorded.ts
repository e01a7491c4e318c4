import type { DatasetDeclaration } from '../config/config.ts'
import { loadConfig } from '../config/config-file.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import type { NoteDataset } from '../records/note-lines/capture-note.ts'

/** A dataset in prov.yaml, with its fingerprint in HEAD's capture. */
export interface DeclaredDataset extends DatasetDeclaration {
  recorded: NoteDataset | undefined
}

/** In the order of prov.yaml. Throws `config` when it is malformed. */
export async function readDatasets(repository: Repository): Promise<DeclaredDataset[]> {
  const { datasets } = await loadConfig(repository, localDir(repository).cache)
  const recorded = await headDatasets(repository)
  return datasets.map((dataset) => ({ ...dataset, recorded: recorded[dataset.name] }))
}

async function headDatasets(repository: Repository): Promise<Record<string, NoteDataset>> {
  const objects = new ObjectReader(repository)
  try {
    const head = await objects.read('HEAD')
    const capture = head && (await readCapture({ objects, settings: readSettings(repository) }, head.oid))
    return capture?.datasets ?? {}
  } finally {
    objects.close()
  }
}
