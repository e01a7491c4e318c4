import { asWords, type Bytes, bytesOf, inMemory } from '../columns/bytes.ts'

/** A record belonging to a run, and the git object that holds it. */
export interface Member {
  row: number
  kind: MemberKind
  id: string
  oid: string
}

type MemberKind = 'run' | 'replay' | 'remark'

const kinds: readonly MemberKind[] = ['run', 'replay', 'remark']
const idBytes = 32

export interface MemberParts {
  /** 32 bits each. */
  rows: Bytes
  kinds: Bytes
  ids: Bytes
  oids: Bytes
  /** Run records sorted by id, as two 32-bit numbers each: the index of the member, and the first digits of its id. */
  sorted: Bytes
}

/** The records of all runs. */
export class MemberTable {
  readonly parts: MemberParts

  constructor(parts: MemberParts) {
    this.parts = parts
  }

  get length(): number {
    return this.parts.kinds.length
  }

  at(index: number): Member {
    const { rows, kinds: codes, oids } = this.parts
    const size = oids.length / this.length
    return {
      row: asWords(rows.slice(index * 4, index * 4 + 4))[0] as number,
      kind: kinds[codes.slice(index, index + 1)[0] as number] as MemberKind,
      id: this.idAt(index),
      oid: oids.slice(index * size, (index + 1) * size).toString('hex'),
    }
  }

  idAt(index: number): string {
    return this.parts.ids.slice(index * idBytes, (index + 1) * idBytes).toString('hex')
  }

  ofRow(row: number): Member[] {
    const found: Member[] = []
    asWords(this.parts.rows.all()).forEach((other, index) => {
      if (other === row) found.push(this.at(index))
    })
    return found
  }

  /** The rows of runs with a run record whose id starts with these hex digits. */
  rowsLike(prefix: string): number[] {
    const found = this.#runsLike(prefix).filter((index) => this.idAt(index).startsWith(prefix))
    return [...new Set(found.map((index) => this.at(index).row))]
  }

  /** The shortest unique prefix of each run id, of six digits or more. */
  shorten(wanted: readonly string[]): Map<string, string> {
    return new Map(
      wanted.map((id) => {
        const others = this.#runsLike(id.slice(0, 6)).map((index) => this.idAt(index))
        return [id, id.slice(0, Math.max(6, ...others.map((other) => common(id, other) + 1)))]
      }),
    )
  }

  /** The run records whose id starts with the first eight of these hex digits. */
  #runsLike(prefix: string): number[] {
    const sorted = asWords(this.parts.sorted.all())
    const digits = prefix.slice(0, 8)
    const [least, most] = [digits.padEnd(8, '0'), digits.padEnd(8, 'f')].map((text) => Number.parseInt(text, 16))
    const found: number[] = []
    for (let at = firstFrom(sorted, least as number); (sorted[at + 1] as number) <= (most as number); at += 2)
      found.push(sorted[at] as number)
    return found
  }
}

/** Index of the first pair whose digits are not smaller. */
function firstFrom(sorted: Uint32Array, digits: number): number {
  let [low, high] = [0, sorted.length / 2]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle * 2 + 1] as number) < digits) low = middle + 1
    else high = middle
  }
  return low * 2
}

/** Length of the common prefix of two different ids; 0 for equal ones. */
function common(a: string, b: string): number {
  if (a === b) return 0
  let length = 0
  while (a[length] === b[length]) length += 1
  return length
}

/** A member whose run has no final row yet. */
interface NewMember extends Omit<Member, 'row'> {
  run: { row: number }
}

/** Builds a table on top of an existing one. */
export class MemberTableBuilder {
  readonly #start: MemberTable | undefined
  readonly #added: NewMember[] = []

  constructor(start: MemberTable | undefined) {
    this.#start = start
  }

  add(member: NewMember): void {
    this.#added.push(member)
  }

  /** Call once every run has its final row; `rowOf` maps an old row to its new number. */
  finish(rowOf: (row: number) => number): MemberTable {
    const { parts } = this.#start ?? {}
    const added = this.#added
    const grow = (old: Bytes | undefined, more: Uint8Array) => Buffer.concat([old?.all() ?? Buffer.alloc(0), more])
    const hex = (texts: readonly string[]) => Buffer.from(texts.join(''), 'hex')
    const oldRows = asWords(parts?.rows.all() ?? Buffer.alloc(0)).map(rowOf)
    const codes = grow(
      parts?.kinds,
      Uint8Array.from(added, ({ kind }) => kinds.indexOf(kind)),
    )
    const ids = grow(parts?.ids, hex(added.map(({ id }) => id)))
    return new MemberTable({
      rows: inMemory(grow(inMemory(bytesOf(oldRows)), bytesOf(Uint32Array.from(added, ({ run }) => run.row)))),
      kinds: inMemory(codes),
      ids: inMemory(ids),
      oids: inMemory(grow(parts?.oids, hex(added.map(({ oid }) => oid)))),
      sorted: inMemory(bytesOf(sortRuns(codes, ids))),
    })
  }
}

/** Makes `MemberParts.sorted`. Sorted as one number each, with the digits in the upper half: 200,000 take 20 ms. */
function sortRuns(codes: Buffer, ids: Buffer): Uint32Array {
  const runs = [...codes.keys()].filter((index) => codes[index] === 0)
  const pairs = new Uint32Array(runs.length * 2)
  for (const [at, index] of runs.entries()) {
    pairs[at * 2] = index
    pairs[at * 2 + 1] = ids.readUInt32BE(index * idBytes)
  }
  new BigUint64Array(pairs.buffer).sort()
  return pairs
}
