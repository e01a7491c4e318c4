import type { MetricSet } from '../../records/metrics/set.ts'
import type { Run } from '../../records/record.ts'
import { flatParameters } from '../../records/run.ts'
import { seedsAmong } from '../plan/command-parameters.ts'
import type { Session } from '../session.ts'

/** Metric names appear in the record and in the series file, so they are redacted before either is made. */
export function cleanNames({ redactor }: Pick<Session, 'redactor'>, { metrics }: MetricSet): MetricSet['metrics'] {
  return new Map([...metrics].map(([name, series]) => [redactor.redact(name, 'metrics').text, series]))
}

/** Parameters, seeds and tags that the run reported, merged with those of the plan. */
export function valuesOf(record: Run, { parameters, tags, notes }: MetricSet): Partial<Run> {
  const sources = [...parameters].map(([source, values]) => [source, { values: Object.fromEntries(values) }])
  const joined: Run['parameters'] = { ...record.parameters, ...Object.fromEntries(sources) }
  const seeds = {
    ...Object.fromEntries(seedsAmong(flatParameters({ ...record, parameters: joined }))),
    ...record.seeds,
  }
  const said = notes.length > 0 ? { note: notes.join('\n').slice(0, 8192) } : {}
  const allTags = { ...said, ...Object.fromEntries([...tags].slice(0, 1000)), ...record.tags }
  return {
    parameters: joined,
    ...(Object.keys(seeds).length > 0 && { seeds }),
    ...(Object.keys(allTags).length > 0 && { tags: allTags }),
  }
}
