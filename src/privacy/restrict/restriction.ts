import type { ProvRecord } from '../../records/record.ts'

/** What a policy wants encrypted, and with what. */
export interface Restriction {
  /** Member, such as params.customer or data.patients, to the roles that may read it. */
  fields: Readonly<Record<string, readonly string[]>>
  /** Kind of record to the roles that may read it. */
  kinds: Readonly<Partial<Record<ProvRecord['kind'], readonly string[]>>>
  /** Public keys by role. */
  recipients: Readonly<Record<string, readonly string[]>>
  /** Name to path of the datasets that prov.yaml declares. */
  datasets: ReadonlyMap<string, string>
  /** Of commitments: the same value has the same one under it. */
  key: Uint8Array
}

/** The roles that may read a whole record; undefined when everybody may. A replay says what a run says. */
export function readersOf({ kinds }: Restriction, kind: ProvRecord['kind']): readonly string[] | undefined {
  return kinds[kind] ?? (kind === 'replay' ? kinds.run : undefined)
}

/** The roles that may read a member, by its name or the longest beginning of it that is given with a `*`. */
export function fieldReaders({ fields }: Restriction, name: string): readonly string[] | undefined {
  if (Object.hasOwn(fields, name)) return fields[name]
  const [nearest] = Object.keys(fields)
    .filter((pattern) => pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)))
    .sort((a, b) => b.length - a.length)
  return nearest === undefined ? undefined : fields[nearest]
}
