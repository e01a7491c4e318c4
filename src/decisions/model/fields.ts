import { writtenSchemas } from '../../generated/written-schemas.ts'

/** A field of a decision file, as shown to whoever fills it in. */
export interface Field {
  name: string
  /** What it is for, in one or two sentences. */
  description: string
  /** text: free text. list: several texts. entries: several objects. one: a single word or number. group: an object. */
  shape: 'text' | 'list' | 'entries' | 'one' | 'group'
  /** An example entry in YAML, as it appears below the field's name. */
  example: string
}

const examples: Record<string, string> = {
  hypotheses: '- statement: the rare class is lost among easy examples\n  competing: [its labels are wrong]',
  criteria: '- metric: f1\n  at_least: 0.80\n  measured: on data/val, mean of 3 seeds',
  options: '- name: focal loss\n  pros: [no new data needed]\n  cons: [one more parameter to tune]',
  evidence: '- dataset: train\n  digest: 3d1e0a\n  note: 1 in 200 examples is of the rare class',
  follow_ups: '- what: look at the calibration\n  owner: mei@example.org\n  due: 2026-12-01',
  constraints: 'deadlines: [the release of 1 December]\nresources: [one GPU]',
  supersedes: '- use-weighted-loss',
  superseded_by: '- use-focal-loss',
  related: '- use-weighted-loss',
}

interface Part {
  description?: string
  type?: string
  enum?: string[]
  items?: Part & { $ref?: string }
  $ref?: string
}

/** The fields of decision-file.v1.schema.json, in its order. */
export function decisionFields(): Map<string, Field> {
  const { properties } = writtenSchemas.decision_file_v1 as { properties: Record<string, Part> }
  return new Map(
    Object.entries(properties).map(([name, part]) => {
      const shape = shapeOf(part)
      const example = examples[name] ?? (shape === 'list' ? '- ' : '')
      return [name, { name, description: part.description ?? '', shape, example }]
    }),
  )
}

function shapeOf({ type, $ref, items }: Part): Field['shape'] {
  if ($ref?.endsWith('/text')) return 'text'
  if ($ref?.match(/\/(list|people|slugs)$/)) return 'list'
  if (type === 'array') return items?.type === 'object' ? 'entries' : 'list'
  return type === 'object' ? 'group' : 'one'
}
