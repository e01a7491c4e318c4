import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cli, withProvenance } from '../commands.js'
import { loadKit, prov, work } from '../fixtures.js'
import { env, has, median, node, roundRobin, time } from '../measure.js'
import { numbers } from '../numbers.js'
import { addRuns, runOf } from '../run-fixtures.js'

const count = 100_000
const query = ['runs', '--where', 'metrics.f1 >= 0.8 and params.loss = focal', '--sort', '-metrics.f1']

// The same runs written straight into MLflow's tables, then the same query through its own store, with Python running
// and modules loaded. Measured as is, and after ANALYZE, which MLflow never runs and with which SQLite plans the query
// badly.
const script = `
import json, statistics, sys, time
from mlflow.entities import ViewType
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.store.tracking.dbmodels import models
from sqlalchemy import insert
store = SqlAlchemyStore("sqlite:///" + sys.argv[1], sys.argv[2])
experiment = store.create_experiment("bench")
def chunks(rows, size=20000):
    for at in range(0, len(rows), size):
        yield rows[at:at + size]
with open(sys.argv[3]) as lines, store.ManagedSessionMaker() as session:
    runs, params, metrics = [], [], []
    for number, line in enumerate(lines):
        run, uuid = json.loads(line), "%032x" % number
        started = run["started"]
        runs.append(dict(run_uuid=uuid, name="run", status="FINISHED", start_time=started, end_time=started + 42000, lifecycle_stage="active", experiment_id=int(experiment), user_id="bench", artifact_uri="x"))
        params += [dict(run_uuid=uuid, key=key, value=str(value)) for key, value in run["params"].items()]
        metrics += [dict(run_uuid=uuid, key=key, value=value, timestamp=started, step=20, is_nan=False) for key, value in run["metrics"].items()]
    for model, rows in ((models.SqlRun, runs), (models.SqlParam, params), (models.SqlMetric, metrics), (models.SqlLatestMetric, metrics)):
        for chunk in chunks(rows):
            session.execute(insert(model), chunk)
def search():
    start = time.perf_counter()
    found = store.search_runs([experiment], "metrics.f1 >= 0.8 and params.loss = 'focal'", ViewType.ACTIVE_ONLY, 50, ["metrics.f1 DESC"])
    assert len(found) == 50, len(found)
    return time.perf_counter() - start
plain = search()
with store.engine.begin() as connection:
    connection.exec_driver_sql("ANALYZE")
store.engine.dispose()
search()
print(json.dumps([plain, statistics.median(search() for _ in range(5))]))
`

/** Seconds of MLflow's own search, as is and after ANALYZE. */
function theirs() {
  const python = join(
    dirname(execFileSync('sh', ['-c', 'command -v mlflow'], { env, encoding: 'utf8' }).trim()),
    'python',
  )
  const next = numbers(7)
  const lines = Array.from({ length: count }, (_, n) => JSON.stringify(runOf(n, next)))
  writeFileSync(join(work, 'runs.jsonl'), `${lines.join('\n')}\n`)
  const words = ['-c', script, join(work, 'search.db'), join(work, 'search'), join(work, 'runs.jsonl')]
  const variables = { ...env, MLFLOW_DISABLE_TELEMETRY: 'true' }
  const text = execFileSync(python, words, { env: variables, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return JSON.parse(text)
}

/** Seconds of the query when the branch has one new run. */
function afterOne(cwd) {
  const times = [1, 2, 3].map(() => {
    prov(cwd, 'run', '--quiet', '--', 'true')
    return time(cli(cwd, ...query))
  })
  return median(times)
}

export async function runs() {
  const cwd = withProvenance('runs', 20)
  await addRuns(await loadKit(), cwd, count)
  const made = time(cli(cwd, ...query))
  const times = roundRobin(
    { node, list: cli(cwd, ...query), trace: cli(cwd, 'trace', 'data/train', '--depth', '3') },
    9,
  )
  const what = `git prov runs --where --sort over ${count} runs, index warm`
  const rows = [
    { what, value: times.list / times.node, limit: 5, unit: 'N' },
    { what: 'git prov trace in the same', value: times.trace / times.node, unit: 'N' },
    { what: 'the same when a run has come since', value: afterOne(cwd), unit: 's' },
    { what: `making the index of ${count} runs`, value: made, unit: 's' },
  ]
  const peer = 'the same, whole command, against the search alone in MLflow on SQLite'
  if (!has('mlflow')) return [...rows, { what: peer, note: 'not installed: pip install mlflow' }]
  const [plain, analyzed] = theirs()
  return [
    ...rows,
    { what: `${peer} (${plain.toFixed(1)} s)`, value: times.list / plain, limit: 0.33, unit: 'x' },
    { what: 'the same after ANALYZE by hand', value: times.list / analyzed, unit: 'x' },
  ]
}
