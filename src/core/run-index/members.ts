/** A record a run consists of, and the git object that holds it. */
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
  rows: Uint32Array
  kinds: Uint8Array
  ids: Buffer
  oids: Buffer
}

/** The records of all runs. */
export class MemberTable {
  readonly parts: MemberParts

  constructor(parts: MemberParts) {
    this.parts = parts
  }

  get length(): number {
    return this.parts.rows.length
  }

  at(index: number): Member {
    const { rows, kinds: codes, oids } = this.parts
    const size = oids.length / this.length
    return {
      row: rows[index] as number,
      kind: kinds[codes[index] as number] as MemberKind,
      id: this.idAt(index),
      oid: oids.toString('hex', index * size, (index + 1) * size),
    }
  }

  idAt(index: number): string {
    return this.parts.ids.toString('hex', index * idBytes, (index + 1) * idBytes)
  }

  ofRow(row: number): Member[] {
    const found: Member[] = []
    this.parts.rows.forEach((other, index) => {
      if (other === row) found.push(this.at(index))
    })
    return found
  }

  /** The rows of runs one of whose own records has an id that begins with these hex digits. */
  rowsLike(prefix: string): number[] {
    const { rows, kinds: codes, ids } = this.parts
    const whole = Buffer.from(prefix.slice(0, prefix.length & ~1), 'hex')
    const found = new Set<number>()
    for (let index = 0; index < this.length; index++) {
      const at = index * idBytes
      if (codes[index] !== 0 || ids[at] !== (whole[0] ?? ids[at])) continue
      if (this.idAt(index).startsWith(prefix)) found.add(rows[index] as number)
    }
    return [...found]
  }

  /** How many digits each of some run ids needs to be the only one: six or more. */
  shorten(wanted: readonly string[]): Map<string, string> {
    const lengths = new Map(wanted.map((id) => [id, 6]))
    const groups = new Map<number, string[]>()
    for (const id of lengths.keys()) {
      const key = Number.parseInt(id.slice(0, 6), 16)
      groups.set(key, [...(groups.get(key) ?? []), id])
    }
    const { ids, kinds: codes } = this.parts
    for (let index = 0; index < this.length; index++) {
      const group = codes[index] === 0 ? groups.get(ids.readUIntBE(index * idBytes, 3)) : undefined
      for (const id of group ?? [])
        lengths.set(id, Math.max(lengths.get(id) as number, common(id, this.idAt(index)) + 1))
    }
    return new Map([...lengths].map(([id, length]) => [id, id.slice(0, length)]))
  }
}

/** Of two different ids, how many digits they share; of one with itself 0. */
function common(a: string, b: string): number {
  if (a === b) return 0
  let length = 0
  while (a[length] === b[length]) length += 1
  return length
}

/** A member whose run's row is not decided yet. */
interface NewMember extends Omit<Member, 'row'> {
  run: { row: number }
}

/** Adds members to those there were; `before` holds the runs these belong to, by their row then. */
export class MemberTableBuilder {
  readonly #start: MemberTable | undefined
  readonly #before: readonly { row: number }[]
  readonly #added: NewMember[] = []

  constructor(start: MemberTable | undefined, before: readonly { row: number }[]) {
    this.#start = start
    this.#before = before
  }

  add(member: NewMember): void {
    this.#added.push(member)
  }

  /** Calls `found` with each member that is a record of a run's own. */
  eachRun(found: (id: string, run: { row: number }) => void): void {
    const { parts } = this.#start ?? {}
    for (const [index, row] of parts?.rows.entries() ?? [])
      if (parts?.kinds[index] === 0) found(this.#start?.idAt(index) as string, this.#before[row] as { row: number })
    for (const { kind, id, run } of this.#added) if (kind === 'run') found(id, run)
  }

  /** To be called when every run has its last row. */
  finish(): MemberTable {
    const old = this.#start?.parts
    const oldRows = old ? Array.from(old.rows, (row) => (this.#before[row] as { row: number }).row) : []
    const added = this.#added
    const hex = (texts: readonly string[]) => Buffer.from(texts.join(''), 'hex')
    const none = Buffer.alloc(0)
    return new MemberTable({
      rows: Uint32Array.from([...oldRows, ...added.map(({ run }) => run.row)]),
      kinds: Buffer.concat([old?.kinds ?? none, Uint8Array.from(added, ({ kind }) => kinds.indexOf(kind))]),
      ids: Buffer.concat([old?.ids ?? none, hex(added.map(({ id }) => id))]),
      oids: Buffer.concat([old?.oids ?? none, hex(added.map(({ oid }) => oid))]),
    })
  }
}
