import type { Value } from '../../expression/expression.ts'
import { diffEnvironments, type Environment } from '../../records/environment.ts'
import type { TableField } from '../runs/table.ts'

/** A package or part of the environment that differs between runs, with its value in each. */
export interface EnvironmentRow {
  /** packages, software or hardware. */
  group: 'packages' | 'software' | 'hardware'
  name: string
  values: (string | undefined)[]
}

/** The differences between environments; an unknown environment has no values. */
export function compareEnvironments(environments: readonly (Environment | undefined)[]): EnvironmentRow[] {
  const rows = new Map<string, EnvironmentRow>()
  const base = environments.find((one) => one !== undefined)
  for (const [place, other] of environments.entries()) {
    if (!base || !other || other === base) continue
    const { packages, software, host } = diffEnvironments(base, other)
    const groups = { packages, software, hardware: host } as const
    for (const group of ['packages', 'software', 'hardware'] as const) {
      for (const { part, name, before, after } of groups[group]) {
        const label = group === 'packages' || part === name ? name : `${part} ${name}`
        const key = `${group}\0${part}\0${name}`
        // Environments equal to the first keep its value.
        const row = rows.get(key) ?? { group, name: label, values: environments.map((one) => one && before) }
        rows.set(key, row)
        row.values[place] = after
      }
    }
  }
  return [...rows.values()]
}

/** The difference of each value from the baseline's; undefined for the baseline itself and for unknown values. */
export function deltasOf({ values }: TableField, baseline: number): (number | undefined)[] {
  const base = values[baseline]
  return values.map((value, place) => (place === baseline ? undefined : difference(value, base)))
}

function difference(value: Value | undefined, base: Value | undefined): number | undefined {
  if (typeof value !== 'number' || typeof base !== 'number') return undefined
  const delta = Number((value - base).toPrecision(6))
  return Number.isFinite(delta) ? delta : undefined
}
