import type { Remark, StoredRecord } from '../../records/record.ts'

/** A lesson learned, and what it comes from. */
export interface Lesson {
  /** RFC 3339, or a date. */
  when: string
  /** The author; empty when not known. */
  who: string
  /** Its source: `run 7c1f9e`, `decision use-focal-loss`. */
  from: string
  lesson?: string
  failure?: string
}

/** Projection for ledger/index/kind-index.ts. */
export const remarkLessons = {
  kind: 'remark',
  version: 1,
  project: ({ record }: StoredRecord<Remark>): Lesson => {
    const { time, agent, lesson, failure, links } = record
    const of = links.find(({ rel }) => rel === 'annotates')?.to.replace('record:', '') ?? ''
    return {
      when: time,
      who: agent.name,
      from: `run ${of.slice(0, 6)}`,
      ...(lesson && { lesson }),
      ...(failure && { failure }),
    }
  },
} as const

/**
 * Lessons that contain every word, ignoring case, newest first. Entries with neither a lesson nor a failure are left
 * out.
 */
export function searchLessons(lessons: readonly Lesson[], words: readonly string[]): Lesson[] {
  const wanted = words.map((word) => word.toLowerCase())
  return lessons
    .filter(({ lesson, failure }) => lesson || failure)
    .filter((one) => {
      const text = `${one.from} ${one.who} ${one.lesson ?? ''} ${one.failure ?? ''}`.toLowerCase()
      return wanted.every((word) => text.includes(word))
    })
    .sort((a, b) => (a.when < b.when ? 1 : a.when > b.when ? -1 : 0))
}
