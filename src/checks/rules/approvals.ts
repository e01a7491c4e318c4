import { lastRecorded } from '../../decisions/model/event.ts'
import { type CheckFacts, type CheckRule, type Diagnostic, readable } from '../../decisions/model/problem.ts'
import { missingApprovals, type ReviewEvent, verdicts } from '../../records/review.ts'

export const approvals: CheckRule = {
  name: 'approvals',
  level: 'error',
  summary: 'what is accepted or released has the approvals the policy asks for',
  explain:
    'policy.approvals in prov.yaml says how many people of which role are to approve before a decision is accepted, and before a release. A decision: git prov review <id> --approve, of the very text. A release: git prov review <tag> --approve, of its commit; git prov check --release <tag> checks it. A role without people in the policy is whoever reviews with --role. Whoever asked for changes and has not approved since blocks it.',
  check: (facts) => [...ofDecisions(facts), ...ofRelease(facts)],
}

/** Text recorded as accepted is not checked again: its approvals were checked then. */
function ofDecisions(facts: CheckFacts): Diagnostic[] {
  const wanted = facts.policy?.approvals?.decision
  if (!wanted) return []
  return readable(facts)
    .filter(
      ({ decision, digest, slug }) =>
        decision.status === 'accepted' && lastRecorded(facts.events.get(slug) ?? [])?.digest !== digest,
    )
    .flatMap(({ file, slug, digest }) => {
      const own = facts.reviews.filter(({ of }) => of === `file:${digest}`)
      return lacking(facts, wanted, own).map(({ message, hint }) => ({
        where: file,
        file,
        path: ['status'],
        message,
        hint: `${hint} git prov review ${slug} --approve`,
      }))
    })
}

function ofRelease(facts: CheckFacts): Diagnostic[] {
  const { release } = facts
  const wanted = facts.policy?.approvals?.release
  if (!release || !wanted) return []
  const own = facts.reviews.filter(({ of }) => of === `commit:${release.commit}`)
  return lacking(facts, wanted, own).map(({ message, hint }) => ({
    where: `release ${release.name}`,
    message: `release ${release.name}: ${message}`,
    hint: `${hint} git prov review ${release.name} --approve`,
  }))
}

function lacking(
  { roles }: CheckFacts,
  wanted: Readonly<Record<string, number>>,
  reviews: readonly ReviewEvent[],
): { message: string; hint: string }[] {
  const people = (role: string) => roles.get(role)?.people ?? []
  const missing = Object.entries(missingApprovals(wanted, reviews, people)).map(([role, count]) => ({
    message: `${count} ${count === 1 ? 'approval' : 'approvals'} by a ${role} missing`,
    hint: people(role).length > 0 ? `${people(role).join(', ')}:` : `whoever has the role, with --role ${role}:`,
  }))
  const against = verdicts(reviews)
    .filter(({ verdict }) => verdict === 'request-changes')
    .map(({ name }) => ({ message: `${name} asked for changes`, hint: `when they are made, ${name}:` }))
  return [...missing, ...against]
}
