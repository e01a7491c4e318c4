import { streamBlobs } from '../../git/objects/blob-stream.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { listFiles } from '../read/read.ts'

/** More than a note can grow to: longer ones are passed over. */
const maxNoteBytes = 64 * 1024 * 1024

/** Every note of a notes commit (a ref or an object's name), through whatever fan-out there is. None where there is no such commit. */
export async function* readNotes(
  repository: Repository,
  notes: string,
): AsyncGenerator<{ commit: string; text: string }[]> {
  if (tryGit(repository, ['rev-parse', '--verify', '--quiet', `${notes}^{tree}`]).status !== 0) return
  for await (const batch of streamBlobs(repository, [listFiles(repository, notes)], maxNoteBytes))
    yield batch.map(({ file, body }) => ({
      commit: file.path.replaceAll('/', ''),
      text: body?.toString('utf8') ?? '',
    }))
}
