import { describe, expect, it } from 'vitest'
import type { DecisionFile } from '../../src/decisions/model/decision.ts'
import { formatDecision } from '../../src/decisions/model/format.ts'
import { parseDecision } from '../../src/decisions/model/parse.ts'
import { formatMadr } from '../../src/exchange/madr/format.ts'
import { namesOf, slugOfRecord } from '../../src/exchange/madr/links.ts'
import { parseMarkdown } from '../../src/exchange/madr/parse.ts'
import { readStatus } from '../../src/exchange/madr/status.ts'

const files = ['0001-use-adrs.md', '0002-use-dashes.md', '0009-old-way.md', '20200101-use-log4brains.md']
const known = new Map(files.flatMap((file) => namesOf(file).map((name) => [name, slugOfRecord(file)] as const)))
const read = (text: string, own = 'own') => parseMarkdown(text, { known, own })

const madr4 = `---
status: accepted
date: 2024-05-06
decision-makers: "Mei Chen, R. Okafor"
consulted: ["Ann"]
---

# Use dashes in file names

## Context and Problem Statement

How are files named?

## Decision Drivers

* Easy to type
* Sorts well,
  also in a shell

## Considered Options

* Dashes
* Spaces

## Decision Outcome

Chosen option: "Dashes", because no quotes are needed.

### Consequences

* Good, because it is easy to type
* Bad, because it is less pretty

### Confirmation

A lint rule.

## Pros and Cons of the Options

### Dashes

As in \`a-b.md\`, see ADR-0001.

* Good, because easy
* Neutral, because common
* Bad, because plain

## More Information

It replaces nothing; \`ADR-0009\` is an example.
`

describe('MADR', () => {
  it('4 is parsed field by field', async () => {
    expect(await read(madr4)).toEqual({
      title: 'Use dashes in file names',
      status: 'accepted',
      date: '2024-05-06',
      deciders: ['Mei Chen', 'R. Okafor'],
      consulted: ['Ann'],
      context: 'How are files named?',
      drivers: ['Easy to type', 'Sorts well,\nalso in a shell'],
      options: [
        {
          name: 'Dashes',
          description: 'As in `a-b.md`, see ADR-0001.',
          pros: ['easy'],
          neutral: ['common'],
          cons: ['plain'],
        },
        { name: 'Spaces' },
      ],
      chosen: 'Dashes',
      why: 'no quotes are needed.',
      expected_impact: '* it is easy to type',
      trade_offs: ['it is less pretty'],
      confirmation: 'A lint rule.',
      related: ['use-adrs'],
      more: '## More Information\n\nIt replaces nothing; `ADR-0009` is an example.',
    })
  })

  it('2 has its status in a list below the title, 3 other names in front matter', async () => {
    expect(
      await read(
        '# [short] Use X\n\n* Status: superseded by [ADR-0002](0002-use-dashes.md)\n* Deciders: Mei, Ann\n* Date: 2019-02-03\n\n## Decision Outcome\n\nChosen option: "X", because y\n\n### Positive Consequences\n\n* fast\n\n### Negative Consequences\n\n* big\n',
      ),
    ).toMatchObject({
      status: 'superseded',
      superseded_by: ['use-dashes'],
      deciders: ['Mei', 'Ann'],
      date: '2019-02-03',
      expected_impact: '* fast',
      trade_offs: ['big'],
    })
    expect(await read('---\nstatus: { accepted }\ndeciders: Mei\ndate: 2022-01-01\n---\n# X\n')).toMatchObject({
      status: 'accepted',
      deciders: ['Mei'],
    })
    expect(await read('---\nstatus: "{proposed | rejected | accepted}"\ndate: {YYYY-MM-DD}\n---\n# X\n')).toEqual({
      title: 'X',
      status: 'proposed',
    })
  })

  it('from adr-tools and log4brains keeps its links', async () => {
    expect(
      await read(
        '# 10. New way\n\nDate: 2016-02-12\n\n## Status\n\nProposed\n\nAccepted\n\nSupersedes [9. Old way](0009-old-way.md)\n\n## Context\n\nc\n\n## Decision\n\nWe will.\n\n## Consequences\n\nGood ones.\n',
      ),
    ).toEqual({
      title: 'New way',
      status: 'accepted',
      date: '2016-02-12',
      supersedes: ['old-way'],
      context: 'c',
      why: 'We will.',
      expected_impact: 'Good ones.',
    })
    expect(
      await read('# 9. Old way\n\n## Status\n\nAccepted\n\nSuperseded by [1. Use](0001-use-adrs.md)\n'),
    ).toMatchObject({ status: 'superseded', superseded_by: ['use-adrs'] })
    expect(
      await read(
        '# Use it\n\n- Status: draft\n- Deciders: Mei\n- Date: 2020-01-01\n- Tags: dev\n\n## Links\n\n- Refines [other](20200101-use-log4brains.md)\n',
      ),
    ).toMatchObject({ status: 'draft', related: ['use-log4brains'] })
  })

  it.each([
    ['Accepted', 'accepted'],
    [{ accepted: null }, 'accepted'],
    [['proposed'], 'proposed'],
    ['superseded by [ADR-0005](0005-x.md)', 'superseded'],
    ['Deprecated, see below', 'deprecated'],
    ['rejected', 'rejected'],
    ['in review', 'proposed'],
    ['✅ approved', 'accepted'],
    ['WIP', 'draft'],
    ['', undefined],
    [null, undefined],
    ['proposed | accepted | rejected', undefined],
  ])('status %j is %s', (written, status) => expect(readStatus(written)).toBe(status))

  it('headings in a code fence are text', async () => {
    const decision = await read('# X\n\n## Context\n\n```markdown\n# Not a title\n## Decision\n```\nafter\n')
    expect(decision).toMatchObject({ title: 'X', context: '```markdown\n# Not a title\n## Decision\n```\nafter' })
  })
})

describe('an export', () => {
  const names = { known, own: 'own' }
  const imported = async (text: string): Promise<DecisionFile> => {
    const fields = await read(text)
    const yaml = await formatDecision({ ...(fields as DecisionFile), markdown: { format: 'madr', file: 'a.md', text } })
    return (await parseDecision(Buffer.from(yaml), 'decisions/own.yaml')).decision as DecisionFile
  }

  it.each([
    ['plain', madr4],
    ['with Windows line ends', madr4.replaceAll('\n', '\r\n')],
    ['with tabs, trailing blanks and no last newline', `${madr4}\n\tcode  \n\n\n  `],
    ['with odd characters', `${madr4}\u0007 \ufeff "quotes" # not a comment: x\n`],
  ])('of an imported record has the same bytes: %s', async (_, text) => {
    expect(await formatMadr(await imported(text), names)).toBe(text)
  })

  it('of a record with a new status keeps the body', async () => {
    const text = await formatMadr(
      { ...(await imported(madr4)), status: 'superseded', superseded_by: ['use-adrs'] },
      names,
    )
    expect(text.split('---\n')[1]).toBe(
      'status: "superseded by use-adrs"\ndate: 2024-05-06\ndecision-makers: "Mei Chen, R. Okafor"\nconsulted: "Ann"\n',
    )
    expect(text.slice(text.indexOf('\n# '))).toBe(madr4.slice(madr4.indexOf('\n# ')))
  })

  it('of a decision of our own can be parsed again', async () => {
    const own: DecisionFile = {
      title: 'Use focal loss',
      status: 'accepted',
      date: '2026-11-23',
      role: 'trainer',
      deciders: ['Mei Chen <mei@example.org>'],
      context: 'One class is rare.',
      options: [{ name: 'focal loss', pros: ['no new data'] }, { name: 'nothing' }],
      chosen: 'focal loss',
      why: 'it came out best',
      expected_impact: 'f1 up',
      trade_offs: ['one more parameter'],
      criteria: [{ metric: 'f1', at_least: 0.8 }],
      risks: ['calibration'],
    }
    const text = await formatMadr(own, names)
    expect(text).toContain('### Confirmation\n\n* f1 >= 0.8\n')
    expect(text).toContain('### Risks\n\n* calibration\n')
    expect(await read(text)).toMatchObject({
      title: own.title,
      status: 'accepted',
      deciders: own.deciders,
      context: own.context,
      options: own.options,
      chosen: 'focal loss',
      why: 'it came out best',
      trade_offs: own.trade_offs,
    })
  })
})
