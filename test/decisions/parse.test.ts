import { describe, expect, it } from 'vitest'
import { addToList, setMember } from '../../src/decisions/model/edit.ts'
import { maxDecisionBytes, parseDecision } from '../../src/decisions/model/parse.ts'
import { noRole, rolesOf } from '../../src/decisions/model/roles.ts'
import { parseShorthand } from '../../src/decisions/model/shorthand.ts'
import { isDecisionFile, slugFor, slugOf } from '../../src/decisions/model/slug.ts'
import { writeTemplate } from '../../src/decisions/model/template.ts'

const file = 'decisions/2026-11-23-use-focal-loss.yaml'
const head = 'title: Use focal loss\nstatus: proposed\n'
const told = async (text: string) =>
  (await parseDecision(Buffer.from(text), file)).problems.map(
    ({ line, column, message, hint }) => `${line}:${column}: ${message} | ${hint}`,
  )

describe('a decision file', () => {
  it('is parsed, and a member without a value counts as absent', async () => {
    const draft = await parseDecision(Buffer.from(`${head}context:\ncriteria:\n  - metric: f1\n    at_least:\n`), file)
    expect(draft).toMatchObject({ slug: 'use-focal-loss', problems: [] })
    expect(draft.decision).toEqual({ title: 'Use focal loss', status: 'proposed', criteria: [{ metric: 'f1' }] })
  })

  it.each(['123456', '1e2345', '012345', '0x1234'.slice(2), "'7c1f9e'"])(
    'reads the id %s as it is written',
    async (id) => {
      const draft = await parseDecision(Buffer.from(`${head}evidence:\n  - run: ${id.padEnd(6, '5')}\n`), file)
      expect(draft.decision?.evidence).toEqual([{ run: id.replaceAll("'", '').padEnd(6, '5') }])
    },
  )

  it.each([
    ['a tab', `${head}options:\n\t- name: a\n`, '4:1: Tabs are not allowed as indentation | indent with spaces'],
    ['an alias', 'title: &a x\nstatus: *a\n', '2:9: an alias (*) is not allowed here | write the value out'],
    ['a duplicate key', `${head}why: a\nwhy: b\n`, '4:1: Map keys must be unique | keep one of the two'],
    [
      'a date that is a number',
      `${head}date: 20261123\n`,
      '3:7: date must be a date such as 2026-11-23, not the number 20261123 |',
    ],
    [
      'a day that is not',
      `${head}date: 2026-02-30\n`,
      '3:7: date 2026-02-30 is not a date of the calendar | write a day that exists',
    ],
    [
      'an unknown member',
      `${head}criterias: []\n`,
      "3:1: the file has no member 'criterias' | did you mean 'criteria'?",
    ],
    [
      'an unknown member below',
      `${head}criteria:\n  - metric: f1\n    atleast: 1\n`,
      "5:5: criteria[0] has no member 'atleast' | did you mean 'at_least'?",
    ],
    ['no title', 'status: draft\n', "1:1: the file has no 'title' | it has title and status."],
    ['a status that is none', 'title: a\nstatus: acepted\n', '2:9: status must be one of draft, proposed,'],
    ['a list that is text', `${head}risks: none\n`, '3:8: risks must be a list, not text | begin each entry'],
    [
      'a number that is text',
      `${head}criteria:\n  - metric: f1\n    at_least: high\n`,
      '5:15: criteria[0].at_least must be a number, not text',
    ],
    [
      'evidence that is two things',
      `${head}evidence:\n  - run: 7c1f9e\n    commit: abcdef0\n`,
      '4:5: evidence[0] must have exactly one of run, dataset, commit, file |',
    ],
    [
      'a threshold nothing meets',
      `${head}criteria:\n  - metric: f1\n    at_least: 0.9\n    at_most: 0.1\n`,
      '5:15: criteria[0] asks for at least more than it allows at most',
    ],
    ['an empty file', '', '1:1: the file is empty | git prov decision new'],
    ['nothing but comments', '# later\n', '1:1: the file is empty |'],
    ['a list', '- a\n', '1:1: the file must be an entry with members, not a list |'],
    ['an open bracket', `${head}risks: [a\n`, ''],
    [
      'a path out',
      `${head}evidence:\n  - file: ../x\n`,
      '4:11: evidence[0].file must be relative to the top of the work tree',
    ],
  ])('with %s is refused with its place and what to type', async (_, text, expected) => {
    const problems = await told(text)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems[0]).toContain(expected)
  })

  it('reports every problem at once, in the order of lines', async () => {
    const problems = await told('titel: a\nstatus: no\nrisks: x\n')
    expect(problems.map((text) => text.split(' |')[0])).toEqual([
      "1:1: the file has no 'title'",
      "1:1: the file has no member 'titel'",
      '2:9: status must be one of draft, proposed, accepted, rejected, deprecated, superseded',
      '3:8: risks must be a list, not text',
    ])
  })

  it('reports the line of a wrong indent', async () => {
    const problems = await told(`${head}criteria:\n  - metric: f1\n     at_least: 0.8\n`)
    expect(problems[0]).toMatch(/^[45]:\d+: .* \| indent the members of one entry alike/)
  })

  it('of two megabytes, binary, or with an alias bomb is refused quickly', async () => {
    expect((await parseDecision(Buffer.alloc(2_000_000, 'a'), file)).problems[0]?.message).toContain('2.0 MB long')
    expect((await parseDecision(maxDecisionBytes + 1, file)).problems[0]?.message).toContain('more than the')
    expect((await parseDecision(Buffer.from([0x74, 0xff]), file)).problems[0]?.message).toBe('the file is not UTF-8')
    const bomb = `a: &a [x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, n) => `${name}: &${name} [${Array(8).fill(`*${'abcdefghij'[n]}`)}]`).join('\n')}\n`
    expect((await told(bomb))[0]).toContain('an alias (*) is not allowed here')
  })
})

describe('ids', () => {
  it.each([
    ['Use focal loss for the rare class', [], 'use-focal-loss'],
    ['Use focal loss for the rare class', ['use-focal-loss'], 'use-focal-loss-for-the-rare-class'],
    ['Zurück zu AdamW', [], 'zuruck-zu-adamw'],
    ['One two three four five six seven eight', [], 'one-two-three-four-five-six'],
    ['決定', [], 'decision-df3535'],
  ])('%s', (title, taken, slug) => expect(slugFor(title, new Set(taken))).toBe(slug))

  it('come from the file name', () => {
    expect(slugOf('decisions/2026-11-23-use-focal-loss.yaml')).toBe('use-focal-loss')
    expect(slugOf('decisions/0005-use-dashes.yml')).toBe('use-dashes')
    expect(['decisions/a.yaml', 'decisions/x/b.yml', 'decisions/.schema.yaml', 'x/a.yaml'].map(isDecisionFile)).toEqual(
      [true, true, false, false],
    )
  })
})

describe('a template', () => {
  it('has the known fields, those the role requires, and optional ones as comments', async () => {
    const role =
      rolesOf({ roles: { scout: { must: ['why', 'criteria'], template: ['risks'] } } }).get('scout') ?? noRole
    expect(
      await writeTemplate(role, { title: 'Look: again', status: 'draft', why: 'one\ntwo\n' }),
    ).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=.decision-file.v1.schema.json
      title: "Look: again"
      status: draft
      why: |
        one
        two

      # What would count as success, said before the run that answers it: a metric, at_least or at_most,
      # and how it is measured.
      criteria:
      #   - metric: f1
      #     at_least: 0.80
      #     measured: on data/val, mean of 3 seeds

      # To use one of these, remove its #.

      # What could go wrong, and how it would be noticed.
      # risks:
      "
    `)
  })

  it.each([...rolesOf(undefined).values()])('of $name parses, even with every # removed', async (role) => {
    const text = await writeTemplate(role, { title: 'a', status: 'draft' })
    expect(await told(text)).toEqual([])
    const bare = text.replace(/^# ((?: {2}.*|[a-z_]+:)$)/gm, '$1').replace(/^#( {3}.*)$/gm, '$1')
    expect(await told(bare)).toEqual([])
  })
})

describe('an edit', () => {
  const text = '# mine\nstatus:   draft   # for now\ntitle: "a"\n\nwhy: |\n  b\nsuperseded_by:\n  - x # old\n'
  it('changes one member and leaves every other byte', async () => {
    expect(await setMember(text, 'status', 'accepted')).toBe(text.replace('status:   draft', 'status: accepted'))
    expect(await setMember('title: a', 'date', '2026-01-01')).toBe('title: a\ndate: 2026-01-01\n')
    expect(await setMember('title: a\nstatus:\n', 'status', 'draft')).toBe('title: a\nstatus: draft\n')
  })
})

describe('another word in a list', () => {
  it.each([
    ['by: # old\n  - x # kept\ntitle: a\n', 'by: # old\n  - x # kept\n  - y\ntitle: a\n'],
    ['by:\n- x', 'by:\n- x\n- y\n'],
    ['by: [x] # kept\n', 'by: [x, y] # kept\n'],
    ['by: []\n', 'by: [y]\n'],
    ['by:\ntitle: a\n', 'by: [y]\ntitle: a\n'],
    ['title: a\nstatus: draft\nrole: b\n', 'title: a\nstatus: draft\nby: [y]\nrole: b\n'],
    ['by: [y]\n', 'by: [y]\n'],
  ])('%j', async (before, after) => expect(await addToList(before, 'by', 'y')).toBe(after))
})

describe('--set', () => {
  it('reads short forms of the longer fields', () => {
    expect(
      parseShorthand([
        'why=because',
        'risks=a',
        'risks=b=c',
        'criteria=val/loss <= 0.2; mean of 3',
        'criteria=f1 >= 1e-3',
        'hypotheses=it helps',
        'constraints.deadlines=Friday',
        'follow_ups=look; mei; 2026-12-01',
        'evidence=dataset:train',
      ]),
    ).toEqual({
      fields: {
        why: 'because',
        risks: ['a', 'b=c'],
        criteria: [
          { metric: 'val/loss', at_most: 0.2, measured: 'mean of 3' },
          { metric: 'f1', at_least: 0.001 },
        ],
        hypotheses: [{ statement: 'it helps' }],
        constraints: { deadlines: ['Friday'] },
        follow_ups: [{ what: 'look', owner: 'mei', due: '2026-12-01' }],
      },
      evidence: [{ kind: 'dataset', word: 'train' }],
    })
  })

  it.each([
    ['wy=x', "a decision has no field 'wy'", "did you mean 'why'?"],
    ['why', '--set why is not <field>=<value>', '--set why='],
    ['evidence=train', "evidence 'train' does not say what it is", 'write run:<id>'],
    ['criteria=f1 >= high', "'high' is not a number", "--set criteria='f1 >= 0.80"],
    ['constraints.deadline=x', "no field 'constraints.deadline'", 'constraints.deadlines'],
  ])('%s is refused', (setting, message, hint) => {
    expect(() => parseShorthand([setting])).toThrow(message)
    try {
      parseShorthand([setting])
    } catch (error) {
      expect((error as { hint: string }).hint).toContain(hint)
    }
  })
})
