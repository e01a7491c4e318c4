import { pathText } from '../../base/path-text.ts'
import type { ReplayedOutput, RunFile } from '../../generated/types.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { diffManifests, type ManifestChange, parseManifest } from '../../records/branch/manifest.ts'
import { manifestPath } from '../../records/layout.ts'
import { printAt } from '../inputs.ts'
import { insideOf } from '../place/inside.ts'
import type { Workspace } from '../place/workspace.ts'
import { compareOutputs } from '../verdict.ts'

/** Compares the recorded outputs with those in the workspace now. */
export async function outputsAgain(workspace: Workspace, recorded: readonly RunFile[]): Promise<ReplayedOutput[]> {
  const digests = new Map<string, string | undefined>()
  const manifests = new Map<string, Buffer | undefined>()
  for (const { path } of recorded) {
    const print = insideOf(workspace.repository.workTree, path) ? await printAt(workspace, path) : undefined
    digests.set(path, print?.dataset.digest)
    manifests.set(path, print?.manifest)
  }
  const reported = new Set(recorded.flatMap(({ path, declared }) => (declared === 'mlflow' ? [path] : [])))
  const outputs: ReplayedOutput[] = []
  for (const output of compareOutputs(recorded, digests)) {
    const except =
      output.same || !reported.has(output.path) ? [] : await itsOwn(workspace, output, manifests.get(output.path))
    outputs.push(except.length > 0 ? { ...output, same: true, except } : output)
  }
  return outputs
}

/** MLflow writes ids, times and its own path into it: it differs each time, whatever the model. */
const written = /(^|\/)MLmodel$/

/** The files MLflow writes about itself, when nothing else in the folder differs. */
async function itsOwn(
  { repository, objects }: Workspace,
  { recorded }: ReplayedOutput,
  now: Buffer | undefined,
): Promise<string[]> {
  const blob = recorded && (await objects.read(`${readSettings(repository).branchRef}:${manifestPath(recorded)}`))
  if (!blob || !now) return []
  const change = compare(blob.body, now)
  const all = change && change.added.length + change.removed.length === 0 && change.modified.every(isWritten)
  return all ? change.modified.slice(0, 1000).map(pathText) : []
}

const isWritten = (path: string) => written.test(path)

/** Undefined when the branch has no valid manifest there. */
function compare(recorded: Buffer, now: Buffer): ManifestChange | undefined {
  try {
    return diffManifests(parseManifest(recorded), parseManifest(now))
  } catch {
    return undefined
  }
}
