import { kindName } from './kind-name.ts'

// Where files are on the provenance branch. A path depends only on the content it is for.

const hex64 = '[0-9a-f]{64}'
const shapes = {
  record: new RegExp(`^records/(${kindName})/\\d{4}-\\d\\d-\\d\\d/([0-9a-f]{2})/(${hex64})\\.json$`),
  environment: new RegExp(`^environments/([0-9a-f]{2})/(${hex64})\\.json$`),
  manifest: new RegExp(`^manifests/([0-9a-f]{2})/(${hex64})\\.txt$`),
  series: new RegExp(`^series/([0-9a-f]{2})/(${hex64})\\.csv$`),
  archive: new RegExp(`^archives/([0-9a-f]{2})/(${hex64})\\.txt$`),
  schema: new RegExp(`^schemas/${kindName}\\.v\\d+\\.schema\\.json$`),
}

/**
 * The path of a record from its kind, time (RFC 3339, UTC) and id. The folder levels were chosen by measurement: each costs
 * about 90 bytes per record for good, and one level below the day keeps an append constant even with 100,000 records a
 * day. (A longer common ending, such as `.capture.record.json`, would make git pack similar blobs together and save 60
 * bytes per record; a name that is just the digest was worth more.)
 */
export function recordPath(kind: string, time: string, id: string): string {
  return `records/${kind}/${time.slice(0, 10)}/${id.slice(0, 2)}/${id}.json`
}

export function environmentPath(digest: string): string {
  return `environments/${digest.slice(0, 2)}/${digest}.json`
}

export function manifestPath(digest: string): string {
  return `manifests/${digest.slice(0, 2)}/${digest}.txt`
}

/** All values of a run's metrics. */
export function seriesPath(digest: string): string {
  return `series/${digest.slice(0, 2)}/${digest}.csv`
}

/** Many files packed into one. */
export function archivePath(digest: string): string {
  return `archives/${digest.slice(0, 2)}/${digest}.txt`
}

export function schemaPath(file: string): string {
  return `schemas/${file}`
}

/** What a path on the branch is, by its form; undefined when it is not one of ours. */
export type BranchFile =
  | { kind: 'record'; recordKind: string; id: string }
  | { kind: 'environment' | 'manifest' | 'series' | 'archive'; digest: string }
  | { kind: 'schema' | 'readme' }

export function classifyPath(path: string): BranchFile | undefined {
  const record = path.match(shapes.record)
  if (record?.[3]?.startsWith(record[2] as string))
    return { kind: 'record', recordKind: record[1] as string, id: record[3] }
  for (const kind of ['environment', 'manifest', 'series', 'archive'] as const) {
    const match = path.match(shapes[kind])
    if (match?.[2]?.startsWith(match[1] as string)) return { kind, digest: match[2] as string }
  }
  if (path === 'README.md') return { kind: 'readme' }
  return shapes.schema.test(path) ? { kind: 'schema' } : undefined
}
