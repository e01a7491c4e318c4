import { short } from '../../base/digest.ts'
import { escapeLine } from '../../base/escape.ts'
import { plural } from '../../base/quantity.ts'
import type { Paint } from '../../render/colour.ts'
import type { ImpactStep } from './downstream.ts'

/** The input of the rendering: what rests on data that was refreshed. */
export interface ImpactView {
  dataset: string
  /** Digests that were replaced. */
  old: string[]
  now: string | undefined
  runs: { id: string; stage?: string; status?: string; path: ImpactStep[]; outputs: ImpactStep[] }[]
  decisions: { slug: string; status: string; because: string; path: ImpactStep[] }[]
  releases: { tag: string; commit: string; digest: string }[]
}

/** The refreshed data, then each run, decision and release that rests on its old content, with the path in between. */
export function renderImpact(view: ImpactView, paint: Paint): string[] {
  const { dataset, old, now, runs, decisions, releases } = view
  if (runs.length + decisions.length + releases.length === 0)
    return [`prov: nothing rests on earlier versions of ${dataset}`]
  const head = `${dataset} ${old.map(short).join(', ')} -> ${now ? short(now) : 'not known'}`
  const row = (label: string, name: string, rest: string) =>
    `${paint.label(label.padEnd(9))}${paint.commit(escapeLine(name))}  ${escapeLine(rest)}`
  return [
    escapeLine(head),
    ...runs.map(({ id, stage, status, path, outputs }) =>
      row('run', short(id), [stage, status, wayOf(path), madeOf(outputs)].filter(Boolean).join('  ')),
    ),
    ...decisions.map(({ slug, status, because, path }) =>
      row('decision', slug, [status, because, wayOf(path)].filter(Boolean).join('  ')),
    ),
    ...releases.map(({ tag, digest }) => row('release', tag, `${dataset} ${short(digest)}`)),
    `prov: ${plural(runs.length, 'run')}, ${plural(decisions.length, 'decision')}, ${plural(releases.length, 'release')}`,
  ]
}

const wayOf = (path: readonly ImpactStep[]) => path.map(({ name, digest }) => `${name} ${short(digest)}`).join(' > ')

function madeOf(outputs: readonly ImpactStep[]): string {
  return outputs.length > 0 ? `> ${wayOf(outputs).replaceAll(' > ', ', ')}` : ''
}
