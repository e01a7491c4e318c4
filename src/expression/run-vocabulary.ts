import { formatFigure, fromFigure, toFigure } from '../base/figure.ts'
import { isMissing } from '../base/missing.ts'
import type { Run } from '../records/record.ts'
import { answerOf, baselineDelta, flatParameters, type RunView, startOf } from '../records/run.ts'
import {
  type Expression,
  formatPath,
  type Lookup,
  type Path,
  pathsOf,
  type Value,
  type Vocabulary,
} from './expression.ts'

/** The fields of a run that expressions may use. */
export const runVocabulary = {
  id: { kind: 'digest', describe: 'id of the run' },
  status: {
    kind: 'text',
    describe: 'planned, ok, failed, interrupted, killed, out-of-memory, not-started or lost',
  },
  stage: { kind: 'text', describe: 'module of the workflow: prepare, train, evaluate, …' },
  name: { kind: 'text', describe: 'what people call it' },
  intent: { kind: 'text', describe: 'what it is for' },
  hypothesis: { kind: 'text', describe: 'what was believed' },
  command: { kind: 'text', describe: 'program and arguments' },
  author: { kind: 'text', describe: 'name of who ran it' },
  branch: { kind: 'text', describe: 'branch it ran on' },
  started: { kind: 'moment', describe: 'when it started (UTC)' },
  ended: { kind: 'moment', describe: 'when it ended (UTC)' },
  duration: { kind: 'seconds', describe: 'time it took' },
  cpu: { kind: 'seconds', describe: 'processor time it took' },
  memory: { kind: 'bytes', describe: 'peak memory of its largest process' },
  exit: { kind: 'number', describe: 'exit status' },
  changed: { kind: 'flag', describe: 'false when it changed no file and gave no metric' },
  expectation: { kind: 'text', describe: 'met, not-met or unknown' },
  verdict: { kind: 'text', describe: 'of its last replay: identical, within-tolerance, different, could-not-run' },
  replays: { kind: 'number', describe: 'how many times it was replayed' },
  lesson: { kind: 'text', describe: 'what was learned' },
  imported: { kind: 'text', describe: 'dvc, dvclive, mlflow or datalad' },
  commit: { kind: 'digest', describe: 'commit it ran at' },
  snapshot: { kind: 'digest', describe: 'commit of its uncommitted work' },
  env: { kind: 'digest', describe: 'environment' },
  baseline: { kind: 'digest', members: 'number', describe: 'run it is compared with; baseline.<metric>, its value' },
  metrics: { members: 'number', describe: 'last value of a metric' },
  delta: { members: 'number', describe: 'a metric less that of the baseline' },
  params: { members: 'any', describe: 'a parameter' },
  seeds: { members: 'any', describe: 'a seed' },
  tags: { members: 'any', describe: 'a tag' },
  decisions: { members: 'flag', describe: 'true where it serves the decision of that id' },
  data: { members: 'digest', describe: 'digest of an input, by dataset name or path' },
  outputs: { members: 'digest', describe: 'digest of an output, by path' },
} as const satisfies Vocabulary

type Root = keyof typeof runVocabulary
type Read = (record: Run, name: string) => Value | undefined

const moment = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text))
const digest = (value: Run['environment'] | undefined) => (value && !isMissing(value) ? value.digest : undefined)
const own = <T>(object: Readonly<Record<string, T>> | undefined, name: string) =>
  object && Object.hasOwn(object, name) ? object[name] : undefined
const figure = (value: Parameters<typeof fromFigure>[0] | undefined) =>
  value === undefined ? undefined : fromFigure(value)

const readers: Partial<Record<Root, Read>> = {
  status: (run) => (run.phase === 'planned' ? 'planned' : run.outcome?.status),
  stage: (run) => run.stage,
  name: (run) => run.name,
  intent: (run) => run.intent,
  hypothesis: (run) => run.hypothesis,
  command: (run) => run.command.join(' '),
  author: (run) => run.agent.name,
  branch: (run) => run.about?.branch,
  started: (run) => moment(startOf(run)),
  ended: (run) => moment(run.ended),
  duration: (run) => run.usage?.wallSeconds,
  cpu: ({ usage }) => (usage?.userSeconds === undefined ? undefined : usage.userSeconds + (usage.systemSeconds ?? 0)),
  memory: (run) => run.usage?.maxResidentBytes,
  exit: (run) => run.outcome?.exitCode,
  changed: (run) => run.changed,
  expectation: (run) => answerOf(run),
  imported: (run) => run.imported?.from,
  commit: (run) => run.about?.commit,
  snapshot: ({ snapshot }) => (snapshot && !isMissing(snapshot) ? snapshot.commit : undefined),
  env: (run) => digest(run.environment),
  baseline: (run, name) => (name === '' ? run.baseline?.run : figure(own(run.baseline?.metrics, name))),
  metrics: (run, name) => figure(own(run.metrics, name)?.value),
  delta: (run, name) => baselineDelta(run, name),
  params: (run, name) => flatParameters(run).get(name),
  seeds: (run, name) => own(run.seeds, name),
  tags: (run, name) => own(run.tags, name),
  decisions: (run, name) => (run.decisions?.includes(name) ? true : undefined),
  data: (run, name) => digestOf(run.inputs, name),
  outputs: (run, name) => digestOf(run.outputs, name),
}

function digestOf(files: Run['outputs'], name: string): string | undefined {
  return files?.find((file) => fileName(file) === name)?.digest
}

/** The name of a run's file in expressions: its dataset, or else its path. */
export function fileName({ dataset, path }: Run['inputs'][number]): string {
  return dataset ?? path
}

/** Looks up the fields that a run's own record holds: all but its id, and replays and lessons recorded later. */
export function recordLookup(record: Run): Lookup {
  return ({ root, name = '' }: Path) => readers[root as Root]?.(record, name)
}

const single = (Object.keys(readers) as Root[]).filter((root) => 'kind' in runVocabulary[root])

/** Every field of a record with its value, except its files. */
export function* fieldsOf(record: Run): Generator<[Path, Value]> {
  for (const root of single) {
    const value = readers[root]?.(record, '')
    if (value !== undefined) yield [{ root }, value]
  }
  for (const [name, { value }] of Object.entries(record.metrics ?? {})) {
    yield [{ root: 'metrics', name }, fromFigure(value)]
    const delta = baselineDelta(record, name)
    if (delta !== undefined) yield [{ root: 'delta', name }, delta]
  }
  for (const [name, value] of flatParameters(record)) yield [{ root: 'params', name }, value]
  for (const [name, value] of Object.entries(record.seeds ?? {})) yield [{ root: 'seeds', name }, value]
  for (const [name, value] of Object.entries(record.tags ?? {})) yield [{ root: 'tags', name }, value]
  for (const name of record.decisions ?? []) yield [{ root: 'decisions', name }, true]
  for (const [name, value] of Object.entries(record.baseline?.metrics ?? {}))
    yield [{ root: 'baseline', name }, fromFigure(value)]
}

/** Looks up any field of a run. */
export function runLookup(view: RunView): Lookup {
  const lookup = recordLookup(view.record)
  return (path) => {
    if (path.root === 'id') return view.id
    if (path.root === 'replays') return view.replays.length
    if (path.root === 'verdict') return lastReplay(view)?.record.verdict
    if (path.root === 'lesson') return lessonsOf(view)
    return lookup(path)
  }
}

function lastReplay({ replays }: RunView) {
  return [...replays].sort((a, b) => (a.record.time < b.record.time ? -1 : 1)).at(-1)
}

function lessonsOf({ remarks }: RunView): string | undefined {
  const lessons = remarks.flatMap(({ record: { lesson } }) => lesson ?? [])
  return lessons.length > 0 ? lessons.join('\n') : undefined
}

/** The values an answer was based on: `metrics.f1 0.79, baseline.f1 none`. */
export function figuresBehind(expression: Expression, lookup: Lookup): string {
  return pathsOf(expression)
    .map((path) => {
      const value = lookup(path)
      const text = typeof value === 'number' ? formatFigure(toFigure(value)) : String(value ?? 'none')
      return `${formatPath(path)} ${text}`
    })
    .join(', ')
}
