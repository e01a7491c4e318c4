import type { Missing } from '../generated/types.ts'

export type { Missing }

export function missing(reason: string): Missing {
  return { missing: reason }
}

export function isMissing(value: unknown): value is Missing {
  return typeof value === 'object' && value !== null && typeof (value as Missing).missing === 'string'
}
