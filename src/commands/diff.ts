import { digestOf } from '../base/digest.ts'
import { ProvError } from '../base/errors.ts'
import { isMissing } from '../base/missing.ts'
import { pathText } from '../base/path-text.ts'
import type { Context } from '../context.ts'
import { diffStat } from '../git/history/diff-stat.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import {
  type Compared,
  comparedRun,
  type DatasetDiff,
  diffCaptures,
  isEmpty,
  type Side,
} from '../history/capture-diff.ts'
import { renderDiff } from '../history/diff-text.ts'
import { findNamed } from '../history/find-record.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readEnvironment } from '../ledger/read/environments.ts'
import { manifestPath } from '../records/layout.ts'
import { type ManifestEntry, parseManifest } from '../records/manifest.ts'
import type { Capture, Run } from '../records/record.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov diff [<commit>|<run> [<commit>|<run>]]`: packages, hardware, files and parameters; of runs outputs and code. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [from, to] = sides(words)
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const [before, after] = [await readSide(repository, objects, from), await readSide(repository, objects, to)]
    const diff = diffCaptures(before, after)
    // Between two commits git diff says it.
    const code = before.run && after.run ? diffStat(repository, before.code, after.code) : ''
    if (flags.json) {
      const view = {
        from: before.run ?? before.code,
        to: after.run ?? after.code,
        ...withText(diff),
        code: statFiles(code),
      }
      context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
    } else if (!isEmpty(diff) || !diff.environment || code) {
      const output = openOutput(context)
      await output.write(`${renderDiff(diff, painter(output.colour), code).join('\n')}\n`)
      await output.end()
    }
    return flags['exit-code'] && !(isEmpty(diff) && code === '') ? 1 : 0
  } finally {
    objects.close()
  }
}

function sides(words: readonly string[]): [string, string] {
  const range = words.length === 1 ? words[0]?.match(/^(.+?)\.\.(?!\.)(.*)$/) : undefined
  if (range) return [range[1] as string, range[2] || 'HEAD']
  if (words.length > 2)
    throw new ProvError('usage', 'diff takes two commits or runs', { hint: 'git prov diff HEAD~ HEAD' })
  if (words.length === 2) return [words[0] as string, words[1] as string]
  return words.length === 1 ? [words[0] as string, 'HEAD'] : ['HEAD~', 'HEAD']
}

/** A capture or a run, what of it is compared, and the code it stands for. */
export interface NamedSide extends Side {
  /** Commit, or the tree of a snapshot. */
  code: string | undefined
  /** Id of the run, where it is one. */
  run?: string
}

export async function readSide(repository: Repository, objects: ObjectReader, word: string): Promise<NamedSide> {
  const { stored, run } = await findNamed(repository, objects, word)
  const { record } = stored
  if (record.kind !== 'capture' && record.kind !== 'run')
    throw new ProvError('usage', `${word} is a ${record.kind}, not a capture or run`, { hint: 'git prov show' })
  const { branchRef } = readSettings(repository)
  const environment =
    'digest' in record.environment ? await readEnvironment(objects, branchRef, record.environment.digest) : undefined
  const compared: Compared = record.kind === 'run' ? comparedRun(record) : record
  const manifests: Record<string, ManifestEntry[]> = {}
  for (const { digest, manifest } of [...Object.values(compared.datasets), ...Object.values(compared.outputs ?? {})]) {
    const entries = digest && manifest ? await readManifest(objects, branchRef, digest) : undefined
    if (digest && entries) manifests[digest] = entries
  }
  return { record: compared, environment, manifests, code: codeOf(record), ...(run && { run: run.id }) }
}

function codeOf(record: Capture | Run): string | undefined {
  const snapshot = record.kind === 'run' ? record.snapshot : undefined
  return snapshot && !isMissing(snapshot) ? snapshot.tree : record.about?.commit
}

/** The lines of git's own summary: ` train.py | 2 +-`. */
const statFiles = (code: string) => code.split('\n').filter(Boolean)

async function readManifest(
  objects: ObjectReader,
  branchRef: string,
  digest: string,
): Promise<ManifestEntry[] | undefined> {
  const blob = await objects.read(`${branchRef}:${manifestPath(digest)}`)
  return blob?.type === 'blob' && digestOf(blob.body) === digest ? parseManifest(blob.body) : undefined
}

function withText(diff: ReturnType<typeof diffCaptures>): object {
  return {
    ...diff,
    environment: diff.environment ?? null,
    datasets: withPaths(diff.datasets),
    outputs: withPaths(diff.outputs),
  }
}

function withPaths(diffs: readonly DatasetDiff[]): object[] {
  return diffs.map(({ files, ...rest }) => ({
    ...rest,
    ...(files && {
      added: files.added.map(pathText),
      removed: files.removed.map(pathText),
      modified: files.modified.map(pathText),
    }),
  }))
}
