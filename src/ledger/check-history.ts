import type { Finding } from '../core/finding.ts'
import type { Repository } from '../git/repository.ts'
import { git } from '../git/run.ts'
import { isOurs, makeRoot } from './init.ts'
import { readSettings } from './settings.ts'

/**
 * Holds the branch's history against the one rule of it: files are added and never changed. Every commit is compared
 * with every parent, since a change that is undone by the next commit does not show between the two ends. README and
 * schemas may change from one version of git-prov to the next.
 */
export async function checkHistory(repository: Repository): Promise<Finding[]> {
  const { branchRef } = readSettings(repository)
  const findings: Finding[] = []
  if (!(await isOurs(repository, branchRef, await makeRoot(repository)))) {
    findings.push({
      code: 'foreign-root',
      severity: 'error',
      where: branchRef,
      message: 'does not begin with the root commit git-prov makes',
      hint: 'its history was replaced; fetch it anew from a clone you trust',
    })
  }
  const args = [
    'log',
    '-m',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    '--diff-filter=MDTUX',
    '--format=%H',
    branchRef,
    '--',
    'records',
    'environments',
    'manifests',
    'series',
  ]
  const parts = git(repository, args).toString('latin1').split('\0')
  let commit = ''
  for (let at = 0; at < parts.length; at++) {
    const part = (parts[at] as string).trim()
    if (/^[0-9a-f]{40,64}$/.test(part)) commit = part
    const change = part.match(/^:\d+ \d+ [0-9a-f]+ [0-9a-f]+ ([A-Z])$/)
    if (!change) continue
    const path = parts[++at] as string
    findings.push({
      code: 'changed',
      severity: 'error',
      where: path,
      message: `was ${change[1] === 'D' ? 'removed' : 'changed'} by commit ${commit.slice(0, 12)}`,
      hint: `git show ${commit.slice(0, 12)}`,
    })
  }
  return findings
}
