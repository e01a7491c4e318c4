import { escapeLine, escapeText } from '../../base/escape.ts'
import type { Paint } from '../../render/colour.ts'
import type { Lesson } from './lesson.ts'

/** Source, time and author of each lesson, then the failure and the lesson below. */
export function renderLessons(lessons: readonly Lesson[], paint: Paint): string[] {
  return lessons.flatMap(({ when, who, from, lesson, failure }) => [
    `${paint.commit(escapeLine(from))}  ${escapeLine([when.slice(0, 10), who].filter(Boolean).join('  '))}`,
    ...[failure, lesson]
      .flatMap((text) => (text ? escapeText(text.trimEnd()).split('\n') : []))
      .map((line) => `    ${line}`),
  ])
}
