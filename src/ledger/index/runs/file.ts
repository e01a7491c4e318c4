import { formatPath, type Path } from '../../../expression/expression.ts'
import { Column, type ColumnParts } from '../columns/column.ts'
import { type Segment, type SegmentReader, SegmentWriter } from '../columns/file.ts'
import { type FileParts, FileTable } from './files.ts'
import { type PendingLinks, RunIndex } from './index.ts'
import { type MemberParts, MemberTable } from './members.ts'

/** The header of an index file. */
interface Header {
  version: number
  /** The tip of the indexed branch. */
  tip: string
  /** Number of records left out because they violate their schema. */
  refused: number
  count: number
  directions: RunIndex['source']['directions']
  pendingLinks: PendingLinks[]
  columns: [path: Path, segments: ColumnSegments][]
  files: { words: Segment; starts: Segment; names: [Segment, Segment]; digests: [Segment, Segment] }
  members: Record<keyof MemberParts, Segment>
}

/** Segments of a `ColumnParts`; `narrow`: 32 bits per value. */
interface ColumnSegments {
  rows?: Segment
  kinds: Segment | number
  values: Segment
  narrow: boolean
  strings: [Segment, Segment]
}

/** Increased whenever the content of an index changes, so that older files are rebuilt. */
const version = 6

export interface KeptIndex {
  index: RunIndex
  tip: string
  refused: number
}

/** Serialises an index. */
export function formatIndex({ index, tip, refused }: KeptIndex): Buffer {
  const writer = new SegmentWriter()
  const { count, paths, directions, pendingLinks } = index.source
  const columns = paths.map((path): Header['columns'][number] => [path, writeColumn(writer, path, index)])
  const files = writeFiles(writer, index.files.parts)
  const { rows, kinds, ids, oids, sorted } = index.members.parts
  const members = {
    rows: writer.add(rows.all()),
    kinds: writer.add(kinds.all()),
    ids: writer.add(ids.all()),
    oids: writer.add(oids.all()),
    sorted: writer.add(sorted.all()),
  }
  const header: Header = {
    version,
    tip,
    refused,
    count,
    directions,
    pendingLinks: [...pendingLinks],
    columns,
    files,
    members,
  }
  return writer.finish(header)
}

function writeColumn(writer: SegmentWriter, path: Path, index: RunIndex): ColumnSegments {
  const { rows, kinds, values, strings } = (index.column(path) as Column).parts
  return {
    ...(rows && { rows: writer.add(rows) }),
    kinds: typeof kinds === 'number' ? kinds : writer.add(kinds),
    values: writer.add(values),
    narrow: values instanceof Uint32Array,
    strings: writer.addStrings(strings),
  }
}

function writeFiles(writer: SegmentWriter, { words, starts, names, digests }: FileParts): Header['files'] {
  return {
    words: writer.add(words.all()),
    starts: writer.add(starts),
    names: writer.addStrings(names),
    digests: writer.addStrings(digests),
  }
}

/** Opens an index whose parts are read on demand; undefined for a file of another version. */
export function openIndex(reader: SegmentReader): KeptIndex | undefined {
  const header = reader.header as unknown as Header
  if (header.version !== version) return undefined
  const segments = new Map(header.columns.map(([path, found]) => [formatPath(path), found]))
  const { files, members } = header
  const index = new RunIndex({
    count: header.count,
    paths: header.columns.map(([path]) => path),
    directions: header.directions,
    pendingLinks: header.pendingLinks,
    column: (path) => {
      const found = segments.get(formatPath(path))
      return found && new Column(readColumn(reader, found))
    },
    some: (path, rows) => {
      const found = segments.get(formatPath(path))
      return found && readSome(reader, found, rows)
    },
    files: () =>
      new FileTable({
        words: reader.part(files.words),
        starts: reader.words(files.starts),
        names: reader.strings(files.names),
        digests: reader.strings(files.digests),
      }),
    members: () =>
      new MemberTable({
        rows: reader.part(members.rows),
        kinds: reader.part(members.kinds),
        ids: reader.part(members.ids),
        oids: reader.part(members.oids),
        sorted: reader.part(members.sorted),
      }),
  })
  return { index, tip: header.tip, refused: header.refused }
}

function readColumn(reader: SegmentReader, { rows, kinds, values, narrow, strings }: ColumnSegments): ColumnParts {
  return {
    ...(rows && { rows: reader.words(rows) }),
    kinds: typeof kinds === 'number' ? kinds : reader.bytes(kinds),
    values: narrow ? reader.words(values) : reader.floats(values),
    strings: reader.strings(strings),
  }
}

/** Reads some rows of a dense column. */
function readSome(reader: SegmentReader, found: ColumnSegments, rows: readonly number[]): Column | undefined {
  const { kinds, values, narrow, strings } = found
  if (found.rows) return undefined
  const parts = {
    kinds: typeof kinds === 'number' ? kinds : some(reader.bytes(kinds), rows),
    values: narrow ? reader.someWords(values, rows) : reader.someFloats(values, rows),
    strings: reader.strings(strings),
  }
  return new Column(parts)
}

const some = (bytes: Uint8Array, places: readonly number[]) =>
  Uint8Array.from(places, (place) => bytes[place] as number)
