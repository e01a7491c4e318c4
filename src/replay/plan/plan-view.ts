import { allDifferences } from '../perform.ts'
import type { Prepared } from '../prepare.ts'
import type { ReplayPlanView } from './replay-plan.ts'

/** The plan, as shown to a person before anything runs. */
export function toPlanView({
  subject,
  workspace,
  inputs,
  differences,
  python,
  command,
  obstacles,
}: Prepared): ReplayPlanView {
  const { record, id, commit, snapshotTree } = subject
  return {
    run: id,
    commit,
    snapshot: snapshotTree,
    doubts: workspace.doubts,
    inputs: inputs.map(({ fetch, ...input }) => ({ ...input, ...(fetch && { fetch: fetch.command }) })),
    differences,
    ...(python && { packages: python.packages.length }),
    words: 'words' in command ? command.words : record.command,
    folder: record.workingFolder,
    outputs: record.outputs?.length ?? 0,
    metrics: Object.keys(record.metrics ?? {}).length,
    obstacles,
  }
}

/** The plan for scripts, as JSON. */
export function toPlanJson(prepared: Prepared): object {
  const { differences, doubts, ...view } = toPlanView(prepared)
  return { ...view, doubts, differences: allDifferences(differences), ready: view.obstacles.length === 0 }
}
