import { describe, expect, it } from 'vitest'
import { placeProblems } from '../../src/checks/place.ts'
import { rules } from '../../src/checks/rules.ts'
import { reaches, runRules } from '../../src/checks/run-rules.ts'
import type { DecisionEvent } from '../../src/decisions/model/event.ts'
import { fieldNames } from '../../src/decisions/model/field-names.ts'
import { decisionFields } from '../../src/decisions/model/fields.ts'
import { parseDecision } from '../../src/decisions/model/parse.ts'
import type { CheckedCommit, CheckFacts } from '../../src/decisions/model/problem.ts'
import { rolesOf } from '../../src/decisions/model/roles.ts'
import { ruleNames } from '../../src/decisions/model/rule-names.ts'
import type { NoteLine } from '../../src/records/note.ts'

type Files = Record<string, string>

async function facts(files: Files, extra: Partial<CheckFacts> = {}): Promise<CheckFacts> {
  const drafts = await Promise.all(
    Object.entries(files).map(([name, text]) => parseDecision(Buffer.from(text), `decisions/${name}.yaml`)),
  )
  return {
    today: '2026-11-25',
    drafts,
    isFocus: () => true,
    events: new Map(),
    waivers: [],
    reviews: [],
    policy: undefined,
    roles: rolesOf(extra.policy),
    matches: (name, globs) => globs.some((glob) => name.startsWith(glob.replace(/\*.*$/, ''))),
    parameterFiles: ['params.yaml'],
    evidence: new Map(),
    criteria: new Map(),
    ledger: true,
    ...extra,
  }
}

async function told(files: Files, extra: Partial<CheckFacts> = {}): Promise<string[]> {
  const { problems } = runRules(await facts(files, extra))
  const placed = await placeProblems(problems, {
    text: (file) => files[file.replace(/^decisions\/(.*)\.yaml$/, '$1')],
    places: () => undefined,
  })
  return placed.map(
    ({ rule, level, file, line, column, message, hint }) =>
      `${rule} ${level} ${file ? `${file.slice('decisions/'.length)}:${line}:${column}` : '-'} ${message} | ${hint}`,
  )
}

const whole = (more = '', status = 'accepted') => `title: a\nstatus: ${status}\ncontext: c\nwhy: w\n${more}`
const event = (fields: Partial<DecisionEvent> = {}): DecisionEvent => ({
  id: '1'.repeat(64),
  slug: 'a',
  action: 'recorded',
  status: 'accepted',
  revision: 1,
  time: '2026-11-20T00:00:00.000Z',
  commit: 'c'.repeat(40),
  agent: 'Mei',
  digest: 'd'.repeat(64),
  file: 'decisions/a.yaml',
  ...fields,
})
const commit = (lines: NoteLine[] = [], fields: Partial<CheckedCommit> = {}): CheckedCommit => ({
  oid: 'b'.repeat(40),
  subject: 'Clean labels',
  message: 'Clean labels',
  lines,
  captured: true,
  ...fields,
})
const captureOf = (changed: object, datasets: object = {}): NoteLine =>
  ({ kind: 'capture', id: '2'.repeat(64), time: '2026-11-24T00:00:00.000Z', changed, datasets }) as NoteLine
const change = (commits: CheckedCommit[], files: string[] = []) => ({ base: 'main', files, commits })

describe('rules', () => {
  it('have the names in the list, and fields those of the schema', () => {
    expect(rules.map(({ name }) => name)).toEqual(ruleNames)
    expect([...decisionFields().keys()]).toEqual(fieldNames)
  })

  it.each(rules.map((rule) => [rule.name, rule] as const))('%s says what to do', (_, { summary, explain }) => {
    expect(summary).toMatch(/^[a-z].*[^.]$/)
    expect(explain.length).toBeGreaterThan(100)
  })

  it.each<[string, Files, string[]]>([
    ['a whole decision', { a: whole() }, []],
    ['a schema broken', { a: 'title: a\nstatus: open\n' }, ['schema error a.yaml:2:9: status must be one of']],
    [
      'two files with one id',
      { '2026-01-01-a': whole(), '2026-02-02-a': whole() },
      ["twin-id error 2026-02-02-a.yaml:1:1 the id 'a' is also that of decisions/2026-01-01-a.yaml | git mv"],
    ],
    [
      'a link that leads nowhere',
      { a: whole('related: [bb]\n'), b: whole() },
      ["links error a.yaml:5:11 related names 'bb', which is not a decision here | did you mean 'b'?"],
    ],
    ['a link to itself', { a: whole('related: [a]\n') }, ['links error a.yaml:5:11 related names the decision itself']],
    [
      'supersedes one way',
      { a: whole('supersedes: [b]\n'), b: whole() },
      [
        "supersedes error a.yaml:5:14 supersedes names 'b', and decisions/b.yaml does not say superseded_by: [a] | git prov decision accept a writes it",
      ],
    ],
    [
      'supersedes the other way',
      { a: whole(), b: whole('superseded_by: [a]\n', 'superseded') },
      ["supersedes error b.yaml:5:17 superseded_by names 'a', and decisions/a.yaml does not say supersedes: [b]"],
    ],
    [
      'superseded by nothing',
      { b: whole('', 'superseded') },
      ['supersedes error b.yaml:2:1 status is superseded, and nothing says by what'],
    ],
    ['supersedes both ways', { a: whole('supersedes: [b]\n'), b: whole('superseded_by: [a]\n', 'superseded') }, []],
    [
      'supersedes of a proposal, which does not hold yet',
      { a: whole('supersedes: [b]\n', 'proposed'), b: whole() },
      [],
    ],
    [
      'a circle',
      {
        a: whole('supersedes: [b]\n', 'proposed'),
        b: whole('supersedes: [c]\n', 'proposed'),
        c: whole('supersedes: [a]\n', 'proposed'),
      },
      ['supersedes-circle error a.yaml:5:1 supersedes goes in a circle: a -> b -> c -> a'],
    ],
    [
      'a criterion without direction',
      { a: whole('criteria:\n  - metric: f1\n') },
      ['criteria-direction error a.yaml:6:5 criteria[0] has no direction | write at_least: 0.80 or at_most: 0.20'],
    ],
    [
      'the same in a draft',
      { a: whole('criteria:\n  - metric: f1\n', 'draft') },
      ['criteria-direction info a.yaml:6:5'],
    ],
    [
      'what a role owes',
      { a: whole('role: trainer\n', 'proposed') },
      [
        'role-owes error a.yaml:5:1 hypotheses, criteria are missing; the role trainer requires them | write hypotheses: criteria:',
      ],
    ],
    [
      'what everybody owes',
      { a: 'title: a\nstatus: proposed\nwhy: w\n' },
      ['role-owes warning a.yaml:2:1 context is missing; every decision requires it | write context:'],
    ],
    [
      'what a draft will owe',
      { a: 'title: a\nstatus: draft\nwhy:\ncontext: c\n' },
      ['role-owes info a.yaml:3:1 why is missing'],
    ],
    [
      'a role that is none',
      { a: whole('role: trianer\n') },
      ["role-owes error a.yaml:5:1 there is no role 'trianer' | did you mean 'trainer'?"],
    ],
    ['what a rejected one owes', { a: 'title: a\nstatus: rejected\nrole: trainer\n' }, []],
    [
      'evidence without a digest',
      { a: whole('evidence:\n  - dataset: train\n') },
      ['evidence-exists error a.yaml:6:5 evidence[0] has no digest | write digest: and the SHA-256 it had'],
    ],
  ])('%s', async (_, files, expected) => {
    const problems = await told(files)
    expect(problems).toHaveLength(expected.length)
    for (const [index, text] of expected.entries()) expect(problems[index]).toContain(text.replace(/(\d): /, '$1 '))
  })

  it('evidence: unknown, stale, not looked up', async () => {
    const files = {
      a: whole('evidence:\n  - {dataset: train, digest: aaaaaa}\n  - run: bbbbbb\n  - commit: ccccccc\n'),
    }
    const evidence: CheckFacts['evidence'] = new Map([
      ['dataset train aaaaaa', { state: 'stale', now: 'dddddd', reason: 'dataset train was aaaaaa and is dddddd now' }],
      ['run bbbbbb', { state: 'unknown', reason: 'names run bbbbbb, which is not on the branch' }],
      ['commit ccccccc', { state: 'unchecked', reason: 'the clone is shallow' }],
    ])
    expect(await told(files, { evidence })).toEqual([
      'evidence-current warning a.yaml:6:5 evidence[0] is stale: dataset train was aaaaaa and is dddddd now | look again, then write digest: dddddd; or git prov decision new --set supersedes=a',
      'evidence-exists error a.yaml:7:5 evidence[1] names run bbbbbb, which is not on the branch | correct the name, or take the entry out',
      'evidence-exists info a.yaml:8:5 evidence[2] was not looked up: the clone is shallow | git fetch --unshallow; git prov init',
    ])
    expect(
      await told({ a: files.a.replace('accepted', 'rejected') }, { evidence: new Map([...evidence].slice(0, 1)) }),
    ).toEqual([])
  })

  it('criteria set after a run are reported, unproven ones noted', async () => {
    const files = { a: whole('evidence:\n  - run: bbbbbb\n  - run: cccccc\n') }
    const criteria: CheckFacts['criteria'] = new Map([
      [
        'a',
        [
          { index: 0, run: 'bbbbbb', order: 'after', reason: 'r' },
          { index: 1, run: 'cccccc', order: 'unknown', reason: 's' },
        ],
      ],
    ])
    expect(await told(files, { criteria })).toEqual([
      'criteria-before-run warning a.yaml:6:5 the criteria came after run bbbbbb: r | say in changed that they were set afterwards, and run again',
      'criteria-before-run info a.yaml:7:5 that the criteria came before run cccccc is not proven: s | commit the decision first, then git prov run',
    ])
  })

  it('accepted text changes only by a revision', async () => {
    const events = new Map([['a', [event()]]])
    expect(await told({ a: whole() }, { events })).toEqual([
      'accepted-edited error a.yaml:2:1 the text differs from what was accepted 2026-11-20 (revision 1) | write revision: 2 and say in changed what and why; or git checkout cccccccccc -- decisions/a.yaml',
    ])
    expect(await told({ a: whole('revision: 2\n') }, { events })).toEqual([])
    expect(await told({ a: whole('', 'deprecated') }, { events })).toEqual([])
    expect(await told({ a: whole() }, { events: new Map([['a', [event({ status: 'proposed' })]]]) })).toEqual([])
  })

  it('a change owes what the first matching policy entry requires', async () => {
    const policy: CheckFacts['policy'] = {
      changes: [
        { what: 'code', paths: ['docs/**'], owes: 'nothing' },
        { what: 'code', paths: ['src/**'], owes: 'decision', role: 'trainer' },
        { what: 'environment', owes: 'brief' },
        { what: 'data', owes: 'review' },
      ],
    }
    const lines = [captureOf({ environment: 'e', datasets: { train: {} } })]
    const changed = change([commit(lines, { message: 'train' })], ['docs/x.md', 'src/a.py', 'src/b.py', 'README.md'])
    expect(
      await told(
        { a: whole('role: trainer\nhypotheses: [{statement: s}]\ncriteria: [{metric: f, at_least: 1}]\n') },
        { policy, change: changed },
      ),
    ).toEqual([
      'change-owes error - train changed (data), and whoever makes it owes a review | git prov review HEAD --approve, or a Reviewed-by line',
      "change-owes error - the environment changed (environment), and whoever makes it owes a brief | git prov brief --outcome '…'",
      'change-owes error - src/a.py changed (code), and a trainer owes a decision | git prov decision new "<what and why>" --role trainer',
    ])
    const brief = { kind: 'brief', id: '3'.repeat(64), time: '' } as NoteLine
    const given = change(
      [commit([...lines, brief], { message: 'train\n\nReviewed-by: R <r@x>' })],
      ['src/a.py', 'decisions/a.yaml'],
    )
    expect(
      await told(
        { a: whole('role: trainer\nhypotheses: [{statement: s}]\ncriteria: [{metric: f, at_least: 1}]\n') },
        { policy, change: given },
      ),
    ).toEqual([])
  })

  it('a data change needs an explanation', async () => {
    const lines = [captureOf({ datasets: { train: {} } }, { train: { digest: 'abcdef1' } })]
    const one = (message: string, files: string[] = []) => ({ change: change([commit(lines, { message })], files) })
    expect(await told({}, one('Retrain'))).toEqual([
      'data-without-word warning - dataset train changed in commit bbbbbbbbbb (now abcdef), and nothing says why | git prov decision new --set evidence=dataset:train "<what and why>"; or git prov brief --outcome \'…\'',
    ])
    expect(await told({}, one('Clean labels in train.'))).toEqual([])
    const files = { a: whole('evidence: [{dataset: train, digest: abcdef1}]\n') }
    expect(await told(files, one('x', ['decisions/a.yaml']))).toEqual([])
    expect(await told(files, one('x'))).toHaveLength(1)
  })

  it('missing captures are reported, and on a clone without the branch noted once', async () => {
    const commits = [commit([], { captured: false }), commit([], { captured: false })]
    expect(await told({}, { change: change(commits) })).toHaveLength(2)
    expect(await told({}, { change: change(commits), ledger: false })).toEqual([
      'capture-missing info - there is no branch prov here, so captures and records were not checked | git fetch origin prov:prov; git prov init',
    ])
    expect(await told({}, { head: commit([], { captured: false }) })).toEqual([
      "capture-missing warning - commit bbbbbbbbbb 'Clean labels' has no capture | git prov capture bbbbbbbbbb~..bbbbbbbbbb",
    ])
  })

  it('a contradictory policy is reported', async () => {
    const policy: CheckFacts['policy'] = {
      roles: { 'release-owner': { people: ['a@x'], must: ['wy'] } },
      changes: [
        { what: 'data', owes: 'decision' },
        { what: 'data', paths: ['train'], owes: 'brief' },
        { what: 'code', owes: 'review', role: 'nobody' },
      ],
      checks: { levels: { 'change-owe': 'off' } },
      approvals: { release: { 'release-owner': 2 } },
    }
    const problems = await told({}, { policy })
    expect(problems.map((text) => text.replace(/^policy error \S+ /, ''))).toEqual([
      "a decision has no field 'wy' | did you mean 'why'?",
      'changes[1] is never reached: changes[0] is for all data | put it before, or give the earlier one paths',
      expect.stringContaining("there is no role 'nobody' | one of: data-engineer"),
      "there is no rule 'change-owe' | did you mean 'change-owes'?",
      '2 approvals by a release-owner are asked for, and 1 have that role | add people to policy.roles.release-owner.people, or ask for fewer',
    ])
  })
})

describe('waivers', () => {
  const files = { a: whole('criteria: [{metric: f1}]\n') }
  const waiver = {
    rule: 'criteria-direction',
    where: 'decisions/a.yaml',
    why: 'w',
    expires: '2026-12-01',
    time: '2026-11-20T00:00:00.000Z',
    agent: 'Mei',
  }

  it.each(['decisions/a.yaml', 'a'])('exempt a place named as %s, and count it', async (where) => {
    const { problems, waived } = runRules(await facts(files, { waivers: [{ ...waiver, where }] }))
    expect(problems).toEqual([])
    expect(waived).toHaveLength(1)
  })

  it.each([
    [{ where: 'b' }, 'criteria-direction error a.yaml:5:13 criteria[0] has no direction'],
    [
      { expires: '2026-11-24' },
      'waiver warning - the waiver of criteria-direction for decisions/a.yaml ran out on 2026-11-24',
    ],
    [
      { rule: 'criteria-directoin' },
      "waiver warning - the waiver of criteria-directoin for decisions/a.yaml names no rule | did you mean 'criteria-direction'?",
    ],
    [
      { expires: '2027-11-24' },
      'waiver warning - the waiver of criteria-direction for decisions/a.yaml holds 369 days, more than 90',
    ],
  ])('%j', async (fields, text) => {
    expect((await told(files, { waivers: [{ ...waiver, ...fields }] })).join('\n')).toContain(text)
  })
})

describe('the level of a rule', () => {
  it('is set by the policy, and a case may rank lower', async () => {
    const policy = {
      checks: { levels: { 'criteria-direction': 'warning', 'role-owes': 'off' } },
    } as CheckFacts['policy']
    const files = {
      a: 'title: a\nstatus: proposed\ncriteria: [{metric: f1}]\n',
      b: whole('criteria: [{metric: f1}]\n', 'draft'),
    }
    const { problems } = runRules(await facts(files, { policy }))
    expect(problems.map(({ rule, level }) => `${rule} ${level}`)).toEqual([
      'criteria-direction warning',
      'criteria-direction info',
    ])
    expect(reaches(problems, 'error')).toBe(false)
    expect(reaches(problems, 'warning')).toBe(true)
  })

  it('applies only to files under review', async () => {
    const files = { a: whole('criteria: [{metric: f1}]\n'), b: whole('criteria: [{metric: f1}]\n') }
    const { problems } = runRules(await facts(files, { isFocus: (file) => file.includes('b') }))
    expect(problems.map(({ file }) => file)).toEqual(['decisions/b.yaml'])
  })
})

describe('approvals', () => {
  const policy = {
    approvals: { decision: { reviewer: 2 }, release: { 'release-owner': 1 } },
    roles: { reviewer: { people: ['jo@example.org'] } },
  }
  const text = 'title: x\nstatus: accepted\ncontext: x\nwhy: y\n'
  const said = (of: string, email: string, verdict: 'approve' | 'request-changes', role?: string) => ({
    id: email,
    time: '2026-11-25T09:00:00.000Z',
    verdict,
    name: email,
    email,
    of,
    ...(role && { role }),
  })
  const digestOf = async () => (await parseDecision(Buffer.from(text), 'decisions/a.yaml')).digest

  it('count for the exact text, and a request for changes blocks', async () => {
    const of = `file:${await digestOf()}`
    const reviews = [
      said(of, 'Jo@example.org', 'approve'),
      said('file:other', 'mei', 'approve'),
      said(of, 'lee', 'request-changes'),
    ]
    const lines = (await told({ a: text }, { policy, reviews })).filter((line) => line.startsWith('approvals'))
    expect(lines).toEqual([
      'approvals error a.yaml:2:1 1 approval by a reviewer missing | jo@example.org: git prov review a --approve',
      'approvals error a.yaml:2:1 lee asked for changes | when they are made, lee: git prov review a --approve',
    ])
  })

  it('of a release count for its commit', async () => {
    const release = { name: 'v1', commit: 'c'.repeat(40) }
    const missing = (reviews: ReturnType<typeof said>[]) =>
      told({}, { policy, reviews, release }).then((lines) => lines.filter((line) => line.startsWith('approvals')))
    expect(await missing([])).toEqual([
      'approvals error - release v1: 1 approval by a release-owner missing | whoever has the role, with --role release-owner: git prov review v1 --approve',
    ])
    expect(await missing([said(`commit:${release.commit}`, 'ann', 'approve', 'release-owner')])).toEqual([])
  })
})
