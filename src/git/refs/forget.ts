import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from '../repository.ts'
import { durable, git, tryGit } from '../run.ts'
import { listRefs } from './refs.ts'

/**
 * Deletes objects from this clone that no ref needs any more. No other unreachable object is lost: packs are repacked
 * with unreachable objects made loose (git-repack(1), -A), and only the files of these objects are deleted. Returns
 * those still present, in a ref, a kept pack or an alternate.
 */
export function forgetObjects(repository: Repository, oids: readonly string[], reflogs: readonly string[]): string[] {
  for (const ref of reflogs) tryGit(repository, ['reflog', 'expire', '--expire=now', '--expire-unreachable=now', ref])
  const reachable = reachableAmong(repository, oids)
  const free = oids.filter((oid) => !reachable.has(oid))
  if (free.length > 0 && free.some((oid) => !existsSync(looseFile(repository, oid))))
    git(repository, [
      ...durable,
      '-c',
      'repack.writeBitmaps=false',
      'repack',
      '-A',
      '-d',
      '-q',
      '--unpack-unreachable=1.second.ago',
    ])
  for (const oid of free) rmSync(looseFile(repository, oid), { force: true })
  const check = git(repository, ['cat-file', '--batch-check'], `${oids.join('\n')}\n`).toString('latin1')
  return check
    .split('\n')
    .filter((line) => / (blob|tree|commit) \d+$/.test(line))
    .map((line) => line.split(' ')[0] as string)
}

const looseFile = ({ commonDir }: Repository, oid: string) => join(commonDir, 'objects', oid.slice(0, 2), oid.slice(2))

function reachableAmong(repository: Repository, oids: readonly string[]): Set<string> {
  const wanted = new Set(oids)
  const tips = [...new Set(listRefs(repository, ['refs/']).values())]
  const listed = git(
    repository,
    ['rev-list', '--objects', '--reflog', '--indexed-objects', '--stdin'],
    `${tips.join('\n')}\n`,
  )
  const found = listed
    .toString('latin1')
    .split('\n')
    .map((line) => line.split(' ')[0] as string)
  return new Set(found.filter((oid) => wanted.has(oid)))
}

/** FETCH_HEAD lists what was fetched last: it keeps nothing alive, but names what is gone. */
export function forgetFetched({ gitDir }: Repository): void {
  const file = join(gitDir, 'FETCH_HEAD')
  if (existsSync(file) && /'prov'|refs\/prov\//.test(readFileSync(file, 'utf8'))) rmSync(file, { force: true })
}
