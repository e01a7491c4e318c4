import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { isNewer, stampReadme, stampSchema } from '../../src/records/branch/branch-version.ts'
import { mayGo, removedPaths } from '../../src/records/branch/removal.ts'
import { planUnion } from '../../src/records/branch/union.ts'
import { environmentPath, recordPath } from '../../src/records/layout.ts'

/** A branch as a model: path to content. A removing record's content is the list of what it lets go. */
type Branch = ReadonlyMap<string, string>

const letGoBy = (branch: Branch) =>
  new Set(
    [...branch].flatMap(([path, content]) =>
      /^records\/(archive|redaction)\//.test(path) ? removedPaths(JSON.parse(content)) : [],
    ),
  )

/** What the join of the product does, on models. */
function join(ours: Branch, theirs: Branch): Branch {
  const paths = [...new Set([...ours.keys(), ...theirs.keys()])].filter((path) => ours.get(path) !== theirs.get(path))
  const differences = paths.map((path) => {
    const [left, right] = [ours.get(path), theirs.get(path)]
    return { path, ...(left !== undefined && { ours: left }), ...(right !== undefined && { theirs: right }) }
  })
  const letGo = new Set([...letGoBy(ours), ...letGoBy(theirs)])
  const wins = (a: string, b: string) => isNewer(Buffer.from(b), Buffer.from(a))
  const { take, drop } = planUnion(differences, letGo, wins)
  const joined = new Map(ours)
  for (const [path, content] of take) joined.set(path, content)
  for (const path of drop) joined.delete(path)
  return joined
}

const sorted = (branch: Branch) => [...branch].sort(([a], [b]) => (a < b ? -1 : 1))

/** One step of a replica: write a record, let go of one it has, take a newer version's schemas, or hear of another. */
type Step = { replica: number } & (
  | { do: 'add'; seed: number }
  | { do: 'let-go'; pick: number; kind: 'archive' | 'redaction' }
  | { do: 'upgrade'; version: number }
  | { do: 'hear'; from: number }
)

const replica = fc.nat(2)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ replica, do: fc.constant('add' as const), seed: fc.nat(40) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      replica,
      do: fc.constant('let-go' as const),
      pick: fc.nat(100),
      kind: fc.constantFrom('archive' as const, 'redaction' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ replica, do: fc.constant('upgrade' as const), version: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ replica, do: fc.constant('hear' as const), from: fc.nat(2) }) },
)

const at = '2026-11-24T10:00:00.000Z'
const place = (kind: string, content: string) => recordPath(kind, at, digestOf(content))

function apply(branch: Branch, others: readonly Branch[], one: Step): Branch {
  const next = new Map(branch)
  if (one.do === 'hear') return join(branch, others[one.from] as Branch)
  if (one.do === 'add') {
    const content = `record ${one.seed}`
    // A replica does not write again what a record it knows of has let go.
    const files = [
      [place('capture', content), content],
      [environmentPath(digestOf(`e${one.seed % 3}`)), `e${one.seed % 3}`],
    ] as const
    for (const [path, text] of files) if (!letGoBy(branch).has(path)) next.set(path, text)
  } else if (one.do === 'upgrade') {
    for (const [path, text] of [
      ['README.md', stampReadme('# Provenance', `0.${one.version}.0`)],
      ['schemas/capture.v1.schema.json', stampSchema('{\n}', `0.${one.version}.0`)],
    ] as const)
      if (!next.has(path) || isNewer(Buffer.from(text), Buffer.from(next.get(path) as string))) next.set(path, text)
  } else {
    const here = [...branch.keys()].filter(mayGo)
    if (here.length === 0) return branch
    const gone = here[one.pick % here.length] as string
    const content = JSON.stringify({ kind: one.kind, removes: [gone] })
    next.set(place(one.kind, content), content)
    next.delete(gone)
  }
  return next
}

describe('1,000 random histories of three replicas', () => {
  it('joining is commutative, associative, idempotent, and loses nothing no record named', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let replicas: Branch[] = [new Map(), new Map(), new Map()]
        const written = new Map<string, string>()
        for (const one of steps) {
          replicas = replicas.map((branch, index) => (index === one.replica ? apply(branch, replicas, one) : branch))
          for (const [path, content] of replicas[one.replica] as Branch) written.set(path, content)
        }
        const [a, b, c] = replicas as [Branch, Branch, Branch]
        expect(sorted(join(a, b))).toEqual(sorted(join(b, a)))
        expect(sorted(join(join(a, b), c))).toEqual(sorted(join(a, join(b, c))))
        expect(sorted(join(a, a))).toEqual(sorted(a))
        const all = join(join(a, b), c)
        expect(sorted(join(all, a))).toEqual(sorted(all))
        const named = letGoBy(all)
        expect([...written.keys()].filter((path) => !all.has(path) && !named.has(path))).toEqual([])
        expect([...named].filter((path) => all.has(path))).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('which README a join keeps', () => {
  it.each([
    ['the newer version', '0.2.0', '0.10.0', true],
    ['the newer patch', '1.0.9', '1.0.10', true],
    ['not the older', '2.0.0', '1.9.9', false],
  ])('%s', (_, ours, theirs, expected) => {
    const [left, right] = [ours, theirs].map((version) => Buffer.from(stampReadme('x', version)))
    expect(isNewer(right as Buffer, left as Buffer)).toBe(expected)
  })

  it('one with no stamp is the oldest', () => {
    expect(isNewer(Buffer.from(stampReadme('a', '0.0.1')), Buffer.from('b'))).toBe(true)
  })
})

describe('what a record may let go', () => {
  const id = 'a'.repeat(64)
  it.each([
    [recordPath('capture', at, id), true],
    [environmentPath(id), true],
    [recordPath('archive', at, id), false],
    [recordPath('redaction', at, id), false],
    ['README.md', false],
    ['schemas/capture.v1.schema.json', false],
    ['../outside', false],
  ])('%s: %s', (path, allowed) => {
    expect(removedPaths({ kind: 'archive', removes: [path] })).toEqual(allowed ? [path] : [])
  })

  it('no other kind lets anything go, and a malformed list is empty', () => {
    expect(removedPaths({ kind: 'capture', removes: [environmentPath(id)] })).toEqual([])
    expect(removedPaths({ kind: 'archive', removes: 'README.md' })).toEqual([])
    expect(removedPaths({ kind: 'archive', removes: [1, null] })).toEqual([])
    expect(removedPaths(null)).toEqual([])
  })
})
