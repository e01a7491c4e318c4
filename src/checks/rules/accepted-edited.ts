import { lastRecorded } from '../../decisions/model/event.ts'
import { type CheckRule, readable } from '../../decisions/model/problem.ts'

export const acceptedEdited: CheckRule = {
  name: 'accepted-edited',
  level: 'error',
  summary: 'an accepted decision changes only by a new revision',
  explain:
    'What was accepted and recorded is what the team agreed on. Whoever changes the text says so: revision goes up by one, changed says what, why says the reason, and the change is reviewed like the first. Setting status to deprecated or superseded, and closing a follow-up, need no revision.',
  check: (facts) =>
    readable(facts).flatMap(({ file, slug, digest, decision }) => {
      const recorded = lastRecorded(facts.events.get(slug) ?? [])
      if (recorded?.status !== 'accepted' || recorded.digest === digest) return []
      if (decision.status !== 'accepted') return []
      const revision = decision.revision ?? 1
      if (revision > recorded.revision) return []
      const message = `the text differs from what was accepted ${recorded.time.slice(0, 10)} (revision ${recorded.revision})`
      const hint = `write revision: ${recorded.revision + 1} and say in changed what and why; or git checkout ${recorded.commit.slice(0, 10)} -- ${recorded.file ?? file}`
      return [{ where: file, file, path: decision.revision === undefined ? ['status'] : ['revision'], message, hint }]
    }),
}
