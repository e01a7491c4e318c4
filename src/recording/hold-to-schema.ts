import type { Context } from '../context.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { maxRecordBytes, type StoredRecord } from '../records/record.ts'
import { type Problem, validate } from '../records/validate.ts'
import { keepAside } from './keep-aside.ts'
import { sayOnce } from './say-once.ts'

/**
 * The entries whose records are valid. An invalid one is a bug of ours: it is kept next to the ledger, where no check refuses
 * it, and reported; the user's command goes on.
 */
export async function holdToSchema(context: Context, entries: readonly Entry[]): Promise<Entry[]> {
  const held: Entry[] = []
  for (const entry of entries) {
    const fault = await faultOf(entry)
    if (fault) setAside(context, entry, fault)
    else held.push(entry)
  }
  return held
}

interface Fault extends Problem {
  kind: string
}

async function faultOf({ record, sidecars = [] }: Entry): Promise<Fault | undefined> {
  for (const stored of [record, ...sidecars]) {
    const [problem] = await problemsOf(stored)
    if (problem) return { kind: stored.record.kind, ...problem }
  }
  return undefined
}

async function problemsOf({ record, text }: StoredRecord): Promise<Problem[]> {
  const bytes = Buffer.byteLength(text)
  if (bytes > maxRecordBytes) return [{ pointer: '', message: `is ${bytes} bytes long` }]
  return await validate(record.kind, record.version, record)
}

function setAside(context: Context, entry: Entry, { kind, pointer, message }: Fault): void {
  const local = localDir(context.repository())
  const place = keepAside(local, entry, `${pointer || 'the record'} ${message}`)
  sayOnce(
    context,
    `a bug in git-prov: this ${kind} record does not match its schema: ${pointer || 'it'} ${message}; kept in ${place}; report it with this line`,
  )
}
