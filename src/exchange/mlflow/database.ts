import type { Database, QueryResult } from 'node-sqlite3-wasm'
import { messageOf, ProvError } from '../../base/errors.ts'
import type { MetricPoint } from '../../records/metrics/series.ts'
import { MetricSetBuilder } from '../../records/metrics/set.ts'
import type { RunFile } from '../imported-run.ts'
import { toInput } from './folder.ts'
import { type MlflowRun, readMeta } from './format.ts'

type Row = Record<string, unknown>

/** The runs of an `mlflow.db` (tables of mlflow/store/tracking/dbmodels/models.py), opened read-only. Throws `io`. */
export async function* mlflowDatabase(path: string): AsyncGenerator<MlflowRun> {
  // SQLite itself as WebAssembly: Node has a reader of its own only from 22.13 on, and DuckDB downloads its own at run
  // time.
  const { Database } = (await import('node-sqlite3-wasm')).default
  let database: Database | undefined
  try {
    database = new Database(path, { readOnly: true, fileMustExist: true })
    const columns =
      'r.run_uuid, r.name, r.source_name, r.status, r.start_time, r.end_time, r.lifecycle_stage, r.artifact_uri'
    const sql = `SELECT ${columns}, e.name AS experiment FROM runs r LEFT JOIN experiments e ON e.experiment_id = r.experiment_id ORDER BY r.start_time, r.run_uuid`
    for (const row of database.all(sql)) {
      const run = readRun(database, row as Row)
      if (run) yield run
    }
  } catch (error) {
    if (error instanceof ProvError) throw error
    throw new ProvError('io', `${path} cannot be read as a database of MLflow: ${messageOf(error)}`, {
      cause: error,
      hint: 'name the file given to MLflow as --backend-store-uri sqlite:///…',
    })
  } finally {
    database?.close()
  }
}

function readRun(database: Database, row: Row): MlflowRun | undefined {
  const { run_uuid, name, source_name, experiment } = row
  const numbers = { start_time: Number(row.start_time ?? 0), end_time: Number(row.end_time ?? 0) }
  const meta = readMeta({ ...row, ...numbers, run_id: run_uuid, run_name: name, source_name })
  if (!meta) return undefined
  const pairs = (table: 'params' | 'tags') =>
    new Map(
      ofRun(database, `SELECT key, value FROM ${table} WHERE run_uuid = ? ORDER BY key`, meta.id).map((pair) => [
        String(pair.key),
        String(pair.value ?? ''),
      ]),
    )
  return {
    ...meta,
    ...(typeof experiment === 'string' && { experiment }),
    parameters: pairs('params'),
    tags: pairs('tags'),
    ...readMetrics(database, meta.id),
    inputs: readInputs(database, meta.id),
    artifacts: [],
  }
}

const ofRun = (database: Database, sql: string, id: string) => database.all(sql, [id]) as Row[]

/** NaN is stored as is_nan, infinities as the largest doubles. */
function readMetrics(database: Database, id: string) {
  const set = new MetricSetBuilder()
  const statement = database.prepare(
    'SELECT key, value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ? ORDER BY key, timestamp, step',
  )
  try {
    for (const row of statement.iterate([id]) as Iterable<QueryResult & Row>)
      set.metric(String(row.key), 'mlflow', toPoint(row))
  } finally {
    statement.finalize()
  }
  const { metrics, problems } = set.build()
  return { metrics, problems }
}

function toPoint({ value, timestamp, step, is_nan }: Row): MetricPoint {
  const number = Number(value)
  const unbounded = Math.abs(number) >= 1.7976931348623157e308 ? Math.sign(number) * Number.POSITIVE_INFINITY : number
  return { value: is_nan ? Number.NaN : unbounded, time: Number(timestamp), step: Number(step ?? 0) }
}

function readInputs(database: Database, id: string): RunFile[] {
  const known = database.get(
    "SELECT count(*) AS n FROM sqlite_master WHERE name IN ('inputs', 'datasets')",
  ) as Row | null
  if (Number(known?.n) < 2) return []
  const sql =
    'SELECT d.name, d.digest, d.dataset_source AS source FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id WHERE i.destination_id = ?'
  const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)
  return ofRun(database, sql, id).map(({ name, digest, source }) => toInput(text(name), text(digest), text(source)))
}
