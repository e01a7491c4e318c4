import { short } from '../../base/digest.ts'
import type { Cause } from '../../generated/types.ts'
import {
  type Difference,
  type EnvironmentDiff,
  isEcosystem,
  wordChange,
  wordDifference,
} from '../../records/environment.ts'
import type { Run } from '../../records/record.ts'

/** What is known to differ from when the run was recorded. */
export interface Suspects {
  /** Why the code may not be the same, in words. */
  code: readonly string[]
  data: readonly {
    path: string
    recorded?: string | undefined
    now?: string | undefined
    reason?: string | undefined
  }[]
  /** Undefined when an environment is unknown. */
  environment: EnvironmentDiff | undefined
  seeds: Run['seeds']
}

const mostOfOne = 20

/**
 * Likely causes of a difference, the likeliest first: inputs, numerical packages, the device, randomness, then what rarely
 * matters. This folder compares a replay with what was recorded.
 */
export function rankCauses({ code, data, environment, seeds }: Suspects): Cause[] {
  const { packages = [], software = [], host = [] } = environment ?? {}
  const device = (difference: Difference) => difference.part === 'accelerators'
  const unseeded: Cause[] =
    seeds && Object.keys(seeds).length > 0 ? [] : [{ kind: 'seed', detail: 'seed not recorded' }]
  const unknown: Cause[] = environment
    ? []
    : [{ kind: 'environment', detail: 'the environment is not known on both sides' }]
  return [
    ...code.map((detail): Cause => ({ kind: 'code', detail })),
    ...data.map((file): Cause => ({ kind: 'data', detail: describeData(file) })),
    ...describe('environment', byWeight(packages), ({ name, before, after }) => wordChange(name, before, after)),
    ...describe(
      'environment',
      software.filter(({ part }) => isEcosystem(part)),
    ),
    ...describe('hardware', host.filter(device)),
    ...unseeded,
    ...describe(
      'environment',
      software.filter(({ part }) => !isEcosystem(part)),
    ),
    ...unknown,
    ...describe(
      'hardware',
      host.filter((difference) => !device(difference) && difference.part !== 'os' && difference.part !== 'kernel'),
    ),
    ...describe(
      'environment',
      host.filter(({ part }) => part === 'os' || part === 'kernel'),
    ),
  ]
    .slice(0, 100)
    .map(({ kind, detail }) => ({ kind, detail: detail.slice(0, 1024) }))
}

// Libraries whose versions are known to change results; they come before other packages.
const heavy =
  /^(numpy|scipy|pandas|scikit-learn|torch|torchvision|tensorflow|keras|jax|jaxlib|xgboost|lightgbm|catboost|transformers|datasets|tokenizers|nvidia-.+|triton|statsmodels|polars)$/

function byWeight(packages: readonly Difference[]): Difference[] {
  const weight = ({ name, before, after }: Difference) =>
    (heavy.test(name.toLowerCase()) ? 0 : 2) + (before !== undefined && after !== undefined ? 0 : 1)
  return [...packages].sort((a, b) => weight(a) - weight(b))
}

function describe(kind: Cause['kind'], differences: readonly Difference[], word = wordDifference): Cause[] {
  const shown = differences.slice(0, mostOfOne).map((difference) => ({ kind, detail: word(difference) }))
  const more = differences.length - mostOfOne
  return more > 0 ? [...shown, { kind, detail: `${more} more of this kind` }] : shown
}

function describeData({ path, recorded, now, reason }: Suspects['data'][number]): string {
  if (recorded && now) return `${path} ${short(recorded)} -> ${short(now)}`
  return `${path}${recorded ? ` ${short(recorded)}` : ''}: ${reason ?? 'it is not here'}`
}
