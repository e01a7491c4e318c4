import { commitmentOf, type OpenField, openField } from '../../records/restricted.ts'

/** The part of a record that only some roles may read. */
export interface HiddenPart {
  to: readonly string[]
  open: OpenField[]
}

/** What replaces a restricted field: the first 12 digits of its commitment. */
export const placeholder = /<restricted:([0-9a-f]{12})>/g

/** The digits of a text that is exactly one placeholder. */
export function placeholderOf(text: unknown): string | undefined {
  return typeof text === 'string' ? text.match(/^<restricted:([0-9a-f]{12})>$/)?.[1] : undefined
}

/** Collects what is encrypted of one record, grouped by who may read it. */
export class Encrypter {
  readonly #key: Uint8Array
  readonly #parts = new Map<string, Map<string, OpenField>>()
  readonly #texts = new Map<string, string>()

  constructor(key: Uint8Array) {
    this.#key = key
  }

  /** Returns the placeholder for a value. A placeholder is returned unchanged. */
  encrypt(name: string, value: string, to: readonly string[]): string {
    if (placeholderOf(value)) return value
    const roles = [...new Set(to)].sort().join(' ')
    const part = this.#parts.get(roles) ?? new Map<string, OpenField>()
    this.#parts.set(roles, part)
    const field = openField(freeName(part, name, value), value, this.#key)
    part.set(field.field, field)
    const text = `<restricted:${commitmentOf(field).slice(0, 12)}>`
    // Shorter values also occur in unrelated text.
    if (value.length >= 4 && !/^[\d.,eE+-]+$/.test(value)) this.#texts.set(value, text)
    return text
  }

  /** Replaces encrypted values in a text where they are whole words. */
  clean(text: string): string {
    let clean = text
    for (const [value, replacement] of this.#texts) {
      if (clean.includes(value)) clean = clean.split(asWord(value)).join(replacement)
    }
    return clean
  }

  parts(): HiddenPart[] {
    return [...this.#parts].map(([roles, fields]) => ({ to: roles.split(' '), open: [...fields.values()] }))
  }
}

/** A name the schema of restricted fields allows, numbered when another value already has it. */
function freeName(part: ReadonlyMap<string, OpenField>, name: string, value: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 60)
  for (let number = 1; ; number++) {
    const free = number === 1 ? plain : `${plain}-${number}`
    const other = part.get(free)
    if (other === undefined || other.value === value) return free
  }
}

function asWord(value: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![A-Za-z0-9])`, 'g')
}
