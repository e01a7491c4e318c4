import { readFileSync, statSync } from 'node:fs'
import { byteString, fsPath, pathText } from '../../base/path-text.ts'
import type { OmittedFile } from '../../generated/types.ts'
import type { Commit } from '../../git/objects/objects.ts'
import type { WorkTreeStatus } from '../../git/work-tree/status.ts'
import { isSecretFile } from '../../privacy/secret-files.ts'
import type { Session } from '../session.ts'

type Change = WorkTreeStatus['changes'][number]

/** Snapshots skip larger files (git/work-tree/snapshot.ts). */
const longest = 10_000_000

/**
 * Splits uncommitted work into what a snapshot may hold and what it must not, since snapshots are shared: files named like
 * secret files, and files in which a secret is found, unless the tracked version already had one. They get no digest: a
 * short secret could be guessed from it.
 */
export async function withhold(
  session: Session,
  commit: Commit | undefined,
  changes: readonly Change[],
): Promise<{ kept: Change[]; withheld: OmittedFile[]; paths: string[] }> {
  const kept: Change[] = []
  const withheld: OmittedFile[] = []
  const paths: string[] = []
  for (const change of changes) {
    const reason = await whyNot(session, commit, change)
    if (reason === undefined) {
      kept.push(change)
      continue
    }
    paths.push(change.path)
    withheld.push({ path: pathText(change.path).slice(0, 4096), bytes: sizeOf(session, change), reason })
  }
  return { kept, withheld: withheld.slice(0, 1000), paths }
}

async function whyNot(
  session: Session,
  commit: Commit | undefined,
  { path, change }: Change,
): Promise<string | undefined> {
  if (change === 'removed' || path.endsWith('/')) return undefined
  if (change === 'added' && isSecretFile(path)) return reported(session, path, 'is a file for secrets')
  const text = textOf(session, path)
  if (text === undefined || !session.redactor.holdsSecret(text, path)) return undefined
  const before = commit && change === 'modified' && (await session.objects.read(`${commit.oid}:${pathText(path)}`))
  const hadOne = before && before.type === 'blob' && session.redactor.holdsSecret(before.body.toString('latin1'), path)
  return hadOne ? undefined : reported(session, path, 'holds what looks like a secret')
}

/** The user is told once per clone. */
function reported({ redactor }: Session, path: string, reason: string): string {
  redactor.found.push({ where: pathText(path), rule: 'secret-file' })
  return reason
}

const placeOf = ({ repository }: Session, path: string) => fsPath(`${byteString(repository.workTree)}/${path}`)

function sizeOf(session: Session, { path }: Change): number {
  return statSync(placeOf(session, path), { throwIfNoEntry: false })?.size ?? 0
}

/** A file as text; undefined if it is binary, too long to keep, or unreadable. */
function textOf(session: Session, path: string): string | undefined {
  try {
    const place = placeOf(session, path)
    const stat = statSync(place)
    if (!stat.isFile() || stat.size > longest) return undefined
    const bytes = readFileSync(place)
    return bytes.subarray(0, 8000).includes(0) ? undefined : bytes.toString('latin1')
  } catch {
    return undefined
  }
}
