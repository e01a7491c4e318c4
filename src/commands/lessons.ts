import { stringifyLine } from '../base/json.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { type Lesson, searchLessons } from '../decisions/lessons/lesson.ts'
import { readLessons } from '../decisions/lessons/read.ts'
import { renderLessons } from '../decisions/lessons/text.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov lessons [<word>...]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const found = searchLessons(await lessonsOf(context), words)
  if (flags.json) for (const one of found) context.stdout.write(`${stringifyLine(one)}\n`)
  else await print(context, found, words.length > 0)
  return found.length > 0 ? 0 : 1
}

async function lessonsOf(context: Context): Promise<Lesson[]> {
  const objects = new ObjectReader(context.repository())
  try {
    await catchUp(context, objects)
    return await readLessons(context, objects)
  } finally {
    objects.close()
  }
}

async function print(context: Context, found: readonly Lesson[], searched: boolean): Promise<void> {
  const output = openOutput(context)
  const lines = renderLessons(found, painter(output.colour))
  const nothing = searched ? 'no lesson has all of these words' : "no lessons yet; git prov note <run> --lesson '…'"
  await output.write(`${lines.length > 0 ? lines.join('\n') : `prov: ${nothing}`}\n`)
  await output.end()
}
