// No limit of a capture or an environment is below these (test/records/fit.test.ts).
export const mostCharacters = 64
export const mostItems = 100
export const mostMembers = 1000

/** Whether every part of a value is short: then the limits need not be loaded. */
export function surelyFits(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= mostCharacters
  if (value === null || typeof value !== 'object') return true
  const members = Object.values(value)
  return members.length <= (Array.isArray(value) ? mostItems : mostMembers) && members.every(surelyFits)
}
