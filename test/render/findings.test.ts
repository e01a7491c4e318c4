import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { ProvError } from '../../src/base/errors.ts'
import { toFindingsView } from '../../src/base/finding.ts'
import { painter } from '../../src/render/colour.ts'
import { printError } from '../../src/render/error.ts'
import { renderFindings } from '../../src/render/findings.ts'

const found = [
  { code: 'a', severity: 'error' as const, where: 'prov.yaml:3', message: "has no 'path'", hint: 'git prov dataset' },
  { code: 'b', severity: 'warning' as const, where: 'post-commit', message: 'is not\ninstalled' },
  { code: 'c', severity: 'info' as const, where: 'x\u001b', message: 'of note' },
]

it('a finding is a mark, where, what, and what to type', () => {
  expect(renderFindings(found, painter(false))).toEqual([
    "✗ prov.yaml:3: has no 'path'; git prov dataset",
    '! post-commit: is not\\ninstalled',
    '· x\\x1b: of note',
  ])
})

it('with colour only the mark has one', () => {
  expect(renderFindings(found, painter(true))).toEqual([
    "\x1b[31m✗\x1b[m prov.yaml:3: has no 'path'; git prov dataset",
    '\x1b[33m!\x1b[m post-commit: is not\\ninstalled',
    '\x1b[2m·\x1b[m x\\x1b: of note',
  ])
})

it('information alone is ok, a warning is not', () => {
  expect([found.slice(2), found.slice(1), []].map((findings) => toFindingsView(findings, {}).ok)).toEqual([
    true,
    false,
    true,
  ])
})

function printed(error: unknown, env: Record<string, string> = {}): { status: number; text: string } {
  let text = ''
  const stderr = new Writable({
    write(chunk, _, done) {
      text += chunk
      done()
    },
  })
  return { status: printError(error, { stderr, env }), text }
}

it.each([
  [
    'what failed, then what to type',
    new ProvError('usage', "there is no 'x'", { hint: 'git prov runs' }),
    { status: 2, text: "error: there is no 'x'\nhint:  git prov runs\n" },
  ],
  [
    "git's own words stand indented between them, five lines of them",
    new ProvError('git', 'git log failed', { cause: 'fatal: 1\n2\n\u001b3\n4\n5\n6', hint: 'git prov doctor' }),
    {
      status: 2,
      text: 'error: git log failed\n       fatal: 1\n       2\n       \\x1b3\n       4\n       5\nhint:  git prov doctor\n',
    },
  ],
  [
    'a fault of ours says so, in one line',
    new TypeError('x is\nnot a function'),
    {
      status: 70,
      text: 'error: a bug in git-prov: x is\nhint:  report it with what you typed; GIT_PROV_DEBUG=1 shows the stack\n',
    },
  ],
])('an error: %s', (_, error, expected) => {
  expect(printed(error)).toEqual(expected)
})

it('shows the stack only to who asks for it', () => {
  expect(printed(new Error('x'), { GIT_PROV_DEBUG: '1' }).text).toContain('findings.test.ts')
  expect(printed(new Error('x')).text).not.toContain('findings.test.ts')
})
