import { escapeLine, escapeText } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { type Lesson, remarkLessons, searchLessons } from '../decisions/model/lesson.ts'
import { outcomeEvents } from '../decisions/model/outcome-event.ts'
import { readDecisions } from '../decisions/read-decisions.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { readKind } from '../ledger/index/kind-index.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov lessons [<word>...]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const found = searchLessons(await readLessons(context), words)
  if (flags.json) {
    for (const one of found) context.stdout.write(`${stringifyLine(one)}\n`)
    return found.length > 0 ? 0 : 1
  }
  const output = openOutput(context)
  const paint = painter(output.colour)
  const lines = found.flatMap(({ when, who, from, lesson, failure }) => [
    `${paint.commit(escapeLine(from))}  ${escapeLine([when.slice(0, 10), who].filter(Boolean).join('  '))}`,
    ...[failure, lesson]
      .flatMap((text) => (text ? escapeText(text.trimEnd()).split('\n') : []))
      .map((line) => `    ${line}`),
  ])
  const nothing =
    words.length > 0 ? 'nothing learned holds these words' : "nothing yet; git prov note <run> --lesson '…'"
  await output.write(`${lines.length > 0 ? lines.join('\n') : `prov: ${nothing}`}\n`)
  await output.end()
  return found.length > 0 ? 0 : 1
}

async function readLessons(context: Context): Promise<Lesson[]> {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    await catchUp(context, objects)
    const remarks = await readKind(repository, objects, remarkLessons)
    const outcomes = await readKind(repository, objects, outcomeEvents)
    const decisions = await readDecisions(context)
    return [
      ...remarks,
      ...outcomes.map(
        ({ time, name, decision, lesson, failureAnalysis }): Lesson => ({
          when: time,
          who: name,
          from: `outcome of ${decision}`,
          ...(lesson && { lesson }),
          ...(failureAnalysis && { failure: failureAnalysis }),
        }),
      ),
      ...decisions.flatMap(({ slug, decision }) =>
        (decision?.lessons ?? []).map(
          (lesson): Lesson => ({
            when: decision?.date ?? '',
            who: decision?.deciders?.[0] ?? '',
            from: `decision ${slug}`,
            lesson,
          }),
        ),
      ),
    ]
  } finally {
    objects.close()
  }
}
