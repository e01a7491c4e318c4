import type { DecisionFile } from './decision.ts'
import { decisionFields } from './fields.ts'

/** A decision as YAML, with fields in the schema's order. Multi-line text becomes a block scalar. */
export async function formatDecision(decision: DecisionFile): Promise<string> {
  const { stringify } = await import('yaml')
  const members = decision as unknown as Record<string, unknown>
  const ordered = [...decisionFields().keys()].filter((name) => members[name] !== undefined)
  return stringify(Object.fromEntries(ordered.map((name) => [name, members[name]])), {
    lineWidth: 100,
    blockQuote: 'literal',
  })
}
