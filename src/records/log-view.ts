import type { EnvironmentDiff } from './environment.ts'
import type { NoteLine } from './note.ts'
import type { CaptureNote, NoteDataset } from './note-lines/capture-note.ts'

/** One commit of `git prov log`, as data. `--json` prints toLogJson of it. */
export interface LogView {
  commit: string
  tree: string
  parents: string[]
  author: { name: string; email: string }
  date: string
  message: string
  status: 'captured' | 'late' | 'pending' | 'missing'
  matchedBy?: 'commit' | 'rewrite' | 'tree' | 'patch-id' | 'range'
  /** The commit the capture is about, if it is another one. */
  matchedCommit?: string
  /** Commits whose captures match equally well but differ: none was used. */
  candidates?: string[]
  capture?: CaptureNote
  /** The lines of the commit's own note, one per record. */
  lines: readonly NoteLine[]
  /** A summary of the environment, for a first capture. */
  environmentSummary?: string
  environmentDiff?: EnvironmentDiff
}

/** The contract for scripts: one JSON object per line. */
export function toLogJson(view: LogView): object {
  const { capture } = view
  return {
    commit: view.commit,
    tree: view.tree,
    parents: view.parents,
    author: view.author,
    date: view.date,
    subject: view.message.split('\n')[0] ?? '',
    provenance: {
      status: view.status,
      ...(view.matchedBy && { matchedBy: view.matchedBy }),
      ...(capture && { capture: capture.id }),
      ...(view.candidates && { candidates: view.candidates }),
    },
    environment: capture?.environment ?? null,
    datasets: Object.fromEntries(
      Object.entries(capture?.datasets ?? {}).map(([name, dataset]) => [name, datasetJson(dataset, capture, name)]),
    ),
    records: view.lines.map((line) => ({ kind: line.kind === 'unread' ? line.of : line.kind, id: line.id })),
  }
}

/** `changed`: null when the parent had no capture to compare with, false when nothing changed, else the counts. */
function datasetJson(dataset: NoteDataset, capture: CaptureNote | undefined, name: string): object {
  const change = capture?.changed?.datasets?.[name]
  return {
    digest: dataset.digest ?? null,
    files: dataset.files ?? null,
    bytes: dataset.bytes ?? null,
    state: dataset.state ?? 'complete',
    changed: capture?.changed ? (change ?? false) : null,
  }
}

/** Whether a commit changed the environment (`env`), any dataset (`data`) or the dataset of that name. */
export function hasChanged({ capture }: LogView, what: string): boolean {
  const { changed } = capture ?? {}
  if (what === 'env') return changed?.environment !== undefined
  const datasets = changed?.datasets ?? {}
  return what === 'data' ? Object.keys(datasets).length > 0 : Object.hasOwn(datasets, what)
}
