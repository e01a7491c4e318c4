import { type CheckRule, readable } from '../../decisions/model/problem.ts'
import { changedDatasets, hasRecord } from './changed-parts.ts'

export const dataWithoutWord: CheckRule = {
  name: 'data-without-word',
  level: 'warning',
  summary: 'a change of data is explained',
  explain:
    'When a capture says that a dataset changed, somebody will ask why. A decision changed in the same pull request that has the dataset as evidence, a brief (git prov brief), or a commit message that names the dataset answers it.',
  check: (facts) => {
    const { change } = facts
    if (!change || hasRecord(change, 'brief')) return []
    const spoken = readable(facts)
      .filter(({ file }) => change.files.includes(file))
      .flatMap(({ decision }) => (decision.evidence ?? []).map(({ dataset }) => dataset))
    return [...changedDatasets(change)]
      .filter(([name]) => !spoken.includes(name) && !change.commits.some(({ message }) => names(message, name)))
      .map(([name, { digest, commit }]) => ({
        where: `dataset ${name}`,
        message: `dataset ${name} changed in commit ${commit.slice(0, 10)}${digest ? ` (now ${digest.slice(0, 6)})` : ''}, and nothing says why`,
        hint: `git prov decision new --set evidence=dataset:${name} "<what and why>"; or git prov brief --outcome '…'`,
      }))
  },
}

/** Whether a text contains a name as a separate word. */
function names(text: string, name: string): boolean {
  return ` ${text.toLowerCase()} `
    .split(/[^a-z0-9._-]+/)
    .some((word) => word.replace(/[.]$/, '') === name.toLowerCase())
}
