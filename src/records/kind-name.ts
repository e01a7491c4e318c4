/** The valid names of kinds, including kinds that only a newer git-prov knows. As in schemas/envelope.v1.schema.json. */
export const kindName = '[a-z][a-z0-9-]{1,31}'

const whole = new RegExp(`^${kindName}$`)

export function isKindName(value: unknown): value is string {
  return typeof value === 'string' && whole.test(value)
}
