import { MlflowError } from './error.ts'
import { type Fields, optionalInteger, optionalText } from './fields.ts'

const mostItems = 50_000

/** A page of a list: `max_results` entries from `page_token` on, which is an offset. */
export function page<T>(
  all: readonly T[],
  fields: Fields,
  usual = 1000,
): { items: T[]; next: { next_page_token?: string } } {
  const token = optionalText(fields, 'page_token') ?? ''
  const from = token === '' ? 0 : Number(token)
  const count = optionalInteger(fields, 'max_results') ?? usual
  if (!Number.isSafeInteger(from) || from < 0)
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'page_token is not one of ours')
  if (count < 0 || count > mostItems)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `max_results must be between 0 and ${mostItems}`)
  const to = from + (count || usual)
  return { items: all.slice(from, to), next: to < all.length ? { next_page_token: String(to) } : {} }
}

/** ACTIVE_ONLY (the default), DELETED_ONLY or ALL. */
export function pickStage(fields: Fields, name: string): (entity: { stage: 'active' | 'deleted' }) => boolean {
  const view = optionalText(fields, name) ?? 'ACTIVE_ONLY'
  if (view === 'ALL' || view === '3') return () => true
  const stage = view === 'DELETED_ONLY' || view === '2' ? 'deleted' : 'active'
  return (entity) => entity.stage === stage
}
