import type { ProvRecord } from '../../records/record.ts'

/** What a policy encrypts, and to which keys. */
export interface Restriction {
  /** A member, such as params.customer or data.patients, to the roles that may read it. */
  fields: Readonly<Record<string, readonly string[]>>
  /** Record kind to the roles that may read it. */
  kinds: Readonly<Partial<Record<ProvRecord['kind'], readonly string[]>>>
  /** Public keys by role. */
  recipients: Readonly<Record<string, readonly string[]>>
  /** Datasets declared in prov.yaml, name to path. */
  datasets: ReadonlyMap<string, string>
  /** The key for commitments: under one key, equal values have equal commitments. */
  key: Uint8Array
}

/** The roles that may read a whole record; undefined when everybody may. A replay repeats what its run says. */
export function readersOf({ kinds }: Restriction, kind: ProvRecord['kind']): readonly string[] | undefined {
  return kinds[kind] ?? (kind === 'replay' ? kinds.run : undefined)
}

/** The roles that may read a member, by its name or by the longest matching prefix that ends in `*`. */
export function fieldReaders({ fields }: Restriction, name: string): readonly string[] | undefined {
  if (Object.hasOwn(fields, name)) return fields[name]
  const [nearest] = Object.keys(fields)
    .filter((pattern) => pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)))
    .sort((a, b) => b.length - a.length)
  return nearest === undefined ? undefined : fields[nearest]
}
