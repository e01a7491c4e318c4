import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import type { CheckFacts, Level, Problem } from '../decisions/model/problem.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { type CheckScope, gatherFacts } from './facts.ts'
import type { CheckReport } from './formats/report.ts'
import { type PlacedProblem, placeProblems } from './place.ts'
import { reaches, runRules } from './run-rules.ts'

/** Checks what the scope names against the rules. Not ok when a problem is at `level` or above. */
export async function check(
  context: Context,
  objects: ObjectReader,
  scope: CheckScope,
  level: Level,
): Promise<CheckReport> {
  const facts = await gatherFacts(context, objects, scope)
  const { problems, waived } = runRules(facts)
  return { facts, problems: await place(context, facts, problems), waived, ok: !reaches(problems, level) }
}

async function place(context: Context, facts: CheckFacts, problems: readonly Problem[]): Promise<PlacedProblem[]> {
  const top = context.repository().workTree ?? ''
  const drafts = new Map(facts.drafts.map((draft) => [draft.file, draft]))
  return await placeProblems(problems, {
    text: (file) => readText(join(top, file)),
    places: (file) => drafts.get(file)?.places,
  })
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').slice(0, 1 << 20)
  } catch {
    return undefined
  }
}
