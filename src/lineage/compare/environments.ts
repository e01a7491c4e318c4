import type { Value } from '../../expression/expression.ts'
import { diffEnvironments, type Environment } from '../../records/environment.ts'
import type { TableField } from '../runs/table.ts'

/** A package or part of the environment that is not the same in all runs, run by run. */
export interface EnvironmentRow {
  /** packages, software or hardware. */
  group: 'packages' | 'software' | 'hardware'
  name: string
  values: (string | undefined)[]
}

/** What differs between environments; nothing is said of one that is not known. */
export function compareEnvironments(environments: readonly (Environment | undefined)[]): EnvironmentRow[] {
  const rows = new Map<string, EnvironmentRow>()
  const base = environments.find((one) => one !== undefined)
  for (const [place, other] of environments.entries()) {
    if (!base || !other || other === base) continue
    const { packages, software, host } = diffEnvironments(base, other)
    const groups = { packages, software, hardware: host } as const
    for (const group of ['packages', 'software', 'hardware'] as const) {
      for (const { part, name, before, after } of groups[group]) {
        const called = group === 'packages' || part === name ? name : `${part} ${name}`
        const key = `${group}\0${part}\0${name}`
        // Those that do not differ from the first are as it is.
        const row = rows.get(key) ?? { group, name: called, values: environments.map((one) => one && before) }
        rows.set(key, row)
        row.values[place] = after
      }
    }
  }
  return [...rows.values()]
}

/** How far each value of a metric is from the baseline's; undefined for the baseline itself and where one is not known. */
export function deltasOf({ values }: TableField, baseline: number): (number | undefined)[] {
  const base = values[baseline]
  return values.map((value, place) => (place === baseline ? undefined : difference(value, base)))
}

function difference(value: Value | undefined, base: Value | undefined): number | undefined {
  if (typeof value !== 'number' || typeof base !== 'number') return undefined
  const delta = Number((value - base).toPrecision(6))
  return Number.isFinite(delta) ? delta : undefined
}
