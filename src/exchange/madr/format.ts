import type { DecisionFile, DecisionOption } from '../../decisions/model/decision.ts'
import { splitFrontMatter } from './markdown.ts'
import { type MarkdownDecision, parseMarkdown, type RecordNames } from './parse.ts'

/**
 * A decision as MADR 4 (adr/madr, template/adr-template.md). An imported decision that is unchanged comes back byte for
 * byte; one where only the status, date or people changed keeps its body.
 */
export async function formatMadr(decision: DecisionFile, names: RecordNames): Promise<string> {
  const { markdown, ...now } = decision
  if (!markdown) return formatAll(now)
  const then = await parseMarkdown(markdown.text, names)
  const changed = then ? changedFields(then, now) : ['title']
  if (changed.length === 0) return markdown.text
  if (changed.every((name) => inFrontMatter.includes(name)) && markdown.format === 'madr')
    return frontMatter(now) + splitFrontMatter(markdown.text).body
  return formatAll(now)
}

const inFrontMatter = ['status', 'date', 'deciders', 'consulted', 'informed', 'superseded_by']

/** The fields that differ from the imported text. Fields that only we have (role, revision) are not part of MADR. */
function changedFields(then: MarkdownDecision, now: MarkdownDecision): string[] {
  const [before, after] = [then, now].map((one) => one as unknown as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ]
  const ours = new Set(['role', 'revision'])
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !ours.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
}

function formatAll(decision: MarkdownDecision): string {
  const { title, context, drivers, options, confirmation } = decision
  return [
    frontMatter(decision),
    `# ${title}\n`,
    section('## Context and Problem Statement', context),
    section('## Decision Drivers', bullets(drivers)),
    section('## Considered Options', bullets(options?.map(({ name }) => name))),
    section('## Decision Outcome', outcome(decision)),
    section('### Consequences', consequences(decision)),
    section('### Confirmation', [confirmation, criteria(decision)].filter(Boolean).join('\n\n')),
    section('## Pros and Cons of the Options', (options ?? []).filter(isArgued).map(argued).join('\n\n')),
    more(decision),
  ].join('')
}

const section = (heading: string, text: string | undefined) => (text ? `\n${heading}\n\n${text.trim()}\n` : '')
const bullets = (items: readonly string[] | undefined) =>
  (items ?? []).map((item) => `* ${item.replaceAll('\n', '\n  ')}`).join('\n')

function frontMatter({ status, date, deciders, consulted, informed, superseded_by }: MarkdownDecision): string {
  const by = status === 'superseded' && superseded_by?.length ? ` by ${superseded_by.join(', ')}` : ''
  const people = (name: string, list: readonly string[] | undefined) =>
    list?.length ? [`${name}: ${JSON.stringify(list.join(', '))}`] : []
  const lines = [
    `status: ${by ? JSON.stringify(`superseded${by}`) : status}`,
    ...(date ? [`date: ${date}`] : []),
    ...people('decision-makers', deciders),
    ...people('consulted', consulted),
    ...people('informed', informed),
  ]
  return `---\n${lines.join('\n')}\n---\n`
}

function outcome({ chosen, why = '' }: MarkdownDecision): string {
  return chosen ? `Chosen option: "${chosen}", because ${why.trim() || 'it comes out best.'}` : why
}

function consequences({ expected_impact, trade_offs }: MarkdownDecision): string {
  const good =
    expected_impact
      ?.trim()
      .split('\n')
      .map((line) => line.replace(/^\* /, '').trim())
      .filter(Boolean) ?? []
  return [
    ...good.map((line) => `* Good, because ${line}`),
    ...(trade_offs ?? []).map((line) => `* Bad, because ${line.replaceAll('\n', '\n  ')}`),
  ].join('\n')
}

function criteria({ criteria: list }: MarkdownDecision): string {
  return bullets(
    list?.map(({ metric, at_least, at_most, measured }) =>
      [
        `${metric}`,
        at_least !== undefined && `>= ${at_least}`,
        at_most !== undefined && `<= ${at_most}`,
        measured && `(${measured})`,
      ]
        .filter(Boolean)
        .join(' '),
    ),
  )
}

const isArgued = ({ description, pros, neutral, cons }: DecisionOption) =>
  Boolean(description || pros || neutral || cons)

function argued({ name, description, pros = [], neutral = [], cons = [] }: DecisionOption): string {
  const lines = [
    ...pros.map((one) => `Good, because ${one}`),
    ...neutral.map((one) => `Neutral, because ${one}`),
    ...cons.map((one) => `Bad, because ${one}`),
  ]
  return [`### ${name}`, description?.trim(), bullets(lines)].filter(Boolean).join('\n\n')
}

/** Fields without a section in MADR go to More Information, under headings of their own. */
function more(decision: MarkdownDecision): string {
  const {
    planned,
    changed,
    hypotheses,
    risks,
    assumptions,
    constraints,
    intuition,
    evidence,
    failure_analysis,
    lessons,
    follow_ups,
  } = decision
  const parts = [
    section('### Planned', planned),
    section('### Changed', changed),
    section(
      '### Hypotheses',
      bullets(
        hypotheses?.map(({ statement, competing = [] }) =>
          [statement, ...competing.map((one) => `or: ${one}`)].join('; '),
        ),
      ),
    ),
    section('### Risks', bullets(risks)),
    section('### Assumptions', bullets(assumptions)),
    section('### Constraints', bullets(Object.values(constraints ?? {}).flat() as string[])),
    section('### Intuition', intuition),
    section(
      '### Evidence',
      bullets(
        evidence?.map(({ run, dataset, commit, file, digest, note }) =>
          [
            run && `run ${run}`,
            dataset && `dataset ${dataset}`,
            commit && `commit ${commit}`,
            file,
            digest && `(${digest})`,
            note,
          ]
            .filter(Boolean)
            .join(' '),
        ),
      ),
    ),
    section('### Failure Analysis', failure_analysis),
    section('### Lessons', bullets(lessons)),
    section(
      '### Follow-ups',
      bullets(follow_ups?.map(({ what, owner, due }) => [what, owner, due].filter(Boolean).join(', '))),
    ),
    section('### Links', bullets(links(decision))),
  ].join('')
  const own = decision.more?.trim() ?? ''
  if (own === '' && parts === '') return ''
  return /^## /.test(own)
    ? `\n${own}\n${parts && `\n## More Information\n${parts}`}`
    : `\n## More Information\n${own && `\n${own}\n`}${parts}`
}

function links({ supersedes = [], related = [] }: MarkdownDecision): string[] {
  return [...supersedes.map((slug) => `Supersedes ${slug}`), ...related.map((slug) => `Related: ${slug}`)]
}
