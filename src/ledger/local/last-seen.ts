import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { trackingRef } from '../read/sources.ts'
import { localDir } from './local-dir.ts'
import { readSettings } from './settings.ts'

/** Whether the remotes' branches, as fetching left them, are where they were when they were last joined. */
export async function isLastSeen(repository: Repository, objects: ObjectReader): Promise<boolean> {
  return !(await readLastSeen(repository, objects)).isNew
}

/** The same, and how to say that what is there now has been joined. */
export async function readLastSeen(
  repository: Repository,
  objects: ObjectReader,
): Promise<{ isNew: boolean; remember(): void }> {
  const refs = trackedRefs(repository)
  const tips = (await objects.readAll(refs)).map((tip) => tip?.oid ?? '').join(' ')
  const file = fileOf(repository)
  return { isNew: tips.trim() !== '' && tips !== readOr(file), remember: () => replaceFile(file, tips) }
}

/** Remembers that these refs have been joined, the remotes' branches among them. */
export function rememberLastSeen(repository: Repository, refs: ReadonlyMap<string, string>): void {
  const tips = trackedRefs(repository).map((ref) => refs.get(ref) ?? '')
  replaceFile(fileOf(repository), tips.join(' '))
}

function trackedRefs(repository: Repository): string[] {
  const { remotes } = readSettings(repository)
  return (remotes.length > 0 ? remotes : ['origin']).map((remote) => trackingRef(repository, remote))
}

const fileOf = (repository: Repository) => join(localDir(repository).cache, 'heard')

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
