/**
 * The maximum size of a part of a record, from its schema (build/limits.js). A number: characters of a text.
 * `most`: members of a list or object; `each`: the limit of every one, `of`: of those with a name.
 */
export type Limit = number | { most?: number; each?: Limit; of?: Readonly<Record<string, Limit>> }
