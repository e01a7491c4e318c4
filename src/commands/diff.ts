import type { Context } from '../context.ts'
import { diffCaptures, isEmpty, type Side } from '../core/capture-diff.ts'
import { digestOf } from '../core/digest.ts'
import { ProvError } from '../core/errors.ts'
import { manifestPath } from '../core/layout.ts'
import { type ManifestEntry, parseManifest } from '../core/manifest.ts'
import { pathText } from '../core/path-text.ts'
import { ObjectReader } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import { readEnvironment } from '../ledger/environments.ts'
import { readSettings } from '../ledger/settings.ts'
import { painter } from '../render/colour.ts'
import { renderDiff } from '../render/diff.ts'
import { findNamed } from './find-record.ts'
import { parseWords } from './spec.ts'
import { commandNamed } from './table.ts'
import { openOutput } from './terminal.ts'

/** `git prov diff [<commit> [<commit>]]`: packages, hardware, files and parameters. */
export async function run(argv: string[], context: Context): Promise<number> {
  const { flags, words } = parseWords(commandNamed('diff'), argv)
  const [from, to] = sides(words)
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const [before, after] = [await readSide(repository, objects, from), await readSide(repository, objects, to)]
    const diff = diffCaptures(before, after)
    if (flags.json) {
      context.stdout.write(
        `${JSON.stringify({ from: before.record.about.commit, to: after.record.about.commit, ...withText(diff) }, null, 2)}\n`,
      )
    } else if (!isEmpty(diff) || !diff.environment) {
      const output = openOutput(context)
      await output.write(`${renderDiff(diff, painter(output.colour)).join('\n')}\n`)
      await output.end()
    }
    return flags['exit-code'] && !isEmpty(diff) ? 1 : 0
  } finally {
    objects.close()
  }
}

function sides(words: readonly string[]): [string, string] {
  const range = words.length === 1 ? words[0]?.match(/^(.+?)\.\.(?!\.)(.*)$/) : undefined
  if (range) return [range[1] as string, range[2] || 'HEAD']
  if (words.length > 2) throw new ProvError('usage', 'diff takes two commits', { hint: 'git prov diff HEAD~ HEAD' })
  if (words.length === 2) return [words[0] as string, words[1] as string]
  return words.length === 1 ? [words[0] as string, 'HEAD'] : ['HEAD~', 'HEAD']
}

export async function readSide(repository: Repository, objects: ObjectReader, word: string): Promise<Side> {
  const { stored } = await findNamed(repository, objects, word)
  const { record } = stored
  if (record.kind !== 'capture')
    throw new ProvError('usage', `${word} is a ${record.kind}, not a capture`, { hint: 'git prov show' })
  const { branchRef } = readSettings(repository)
  const environment =
    'digest' in record.environment ? await readEnvironment(objects, branchRef, record.environment.digest) : undefined
  const manifests: Record<string, ManifestEntry[]> = {}
  for (const [name, { digest, manifest }] of Object.entries(record.datasets)) {
    const entries = digest && manifest ? await readManifest(objects, branchRef, digest) : undefined
    if (entries) manifests[name] = entries
  }
  return { record, environment, manifests }
}

async function readManifest(
  objects: ObjectReader,
  branchRef: string,
  digest: string,
): Promise<ManifestEntry[] | undefined> {
  const blob = await objects.read(`${branchRef}:${manifestPath(digest)}`)
  return blob?.type === 'blob' && digestOf(blob.body) === digest ? parseManifest(blob.body) : undefined
}

function withText(diff: ReturnType<typeof diffCaptures>): object {
  const datasets = diff.datasets.map(({ files, ...rest }) => ({
    ...rest,
    ...(files && {
      added: files.added.map(pathText),
      removed: files.removed.map(pathText),
      modified: files.modified.map(pathText),
    }),
  }))
  return { ...diff, environment: diff.environment ?? null, datasets }
}
