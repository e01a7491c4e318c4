import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from '../repository.ts'
import { tryGit } from '../run.ts'

/** Short name of the current branch; undefined when HEAD is detached. HEAD is a plain file except with reftable. */
export function currentBranch(repository: Repository): string | undefined {
  const head = readHead(repository)
  if (head && head !== 'ref: refs/heads/.invalid') return head.match(/^ref: refs\/heads\/(.+)$/)?.[1]
  const result = tryGit(repository, ['symbolic-ref', '--quiet', '--short', 'HEAD'])
  return result.status === 0 ? result.stdout.toString('utf8').trim() : undefined
}

function readHead({ gitDir }: Repository): string | undefined {
  try {
    return readFileSync(join(gitDir, 'HEAD'), 'utf8').trimEnd()
  } catch {
    return undefined
  }
}
