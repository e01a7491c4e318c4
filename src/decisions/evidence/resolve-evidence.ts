import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { digestOf } from '../../base/digest.ts'
import { ProvError } from '../../base/errors.ts'
import { nearest } from '../../base/nearest.ts'
import type { Context } from '../../context.ts'
import { resolveCommit } from '../../git/history/resolve-commit.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { findRuns } from '../../ledger/index/find-runs.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { Resolver } from '../../ledger/read/resolve.ts'
import { latestCapture } from '../../records/note-lines/capture-note.ts'
import type { Evidence } from '../model/decision.ts'
import type { NamedEvidence } from '../model/shorthand.ts'

/** Adds the current digest to evidence as typed. Throws `usage` for evidence that does not exist. */
export async function resolveEvidence(context: Context, named: readonly NamedEvidence[]): Promise<Evidence[]> {
  if (named.length === 0) return []
  const objects = new ObjectReader(context.repository())
  try {
    return await Promise.all(named.map((one) => resolveOne(context, objects, one)))
  } finally {
    objects.close()
  }
}

async function resolveOne(context: Context, objects: ObjectReader, { kind, word }: NamedEvidence): Promise<Evidence> {
  if (kind === 'run') return await runNamed(context, objects, word)
  if (kind === 'commit') return { commit: commitNamed(context, word) }
  return kind === 'file' ? fileNamed(context, word) : await datasetNamed(context, objects, word)
}

async function runNamed(context: Context, objects: ObjectReader, word: string): Promise<Evidence> {
  const valid = /^[0-9a-f]{4,64}$/.test(word)
  const found = valid ? (await findRuns(context.repository(), objects, [word])).get(word) : undefined
  if (found && 'id' in found) return { run: found.id }
  if (found)
    throw new ProvError('ambiguous', `${word} names ${found.several} runs`, { hint: 'type more digits: git prov runs' })
  throw new ProvError('unknown-revision', `there is no run '${word}'`, { hint: 'git prov runs' })
}

function commitNamed(context: Context, word: string): string {
  const oid = resolveCommit(context.repository(), word)
  if (oid) return oid
  throw new ProvError('unknown-revision', `'${word}' is not a commit here`, { hint: 'git log --oneline' })
}

function fileNamed(context: Context, word: string): Evidence {
  const top = context.repository().workTree as string
  const file = relative(top, resolve(context.cwd, word))
  try {
    return { file, digest: digestOf(readFileSync(join(top, file))) }
  } catch {
    throw new ProvError('usage', `there is no file '${word}'`, { hint: 'give a path relative to the current folder' })
  }
}

async function datasetNamed(context: Context, objects: ObjectReader, name: string): Promise<Evidence> {
  const repository = context.repository()
  const head = await objects.read('HEAD')
  const notes = new Resolver(repository, objects, readSettings(repository))
  const capture = head && latestCapture(await notes.readLines(head.oid))
  const digest = capture?.datasets?.[name]?.digest
  if (digest) return { dataset: name, digest }
  const names = Object.keys(capture?.datasets ?? {})
  const guess = nearest(name, names)
  throw new ProvError('usage', `HEAD has no dataset '${name}'`, {
    hint: guess
      ? `did you mean '${guess}'?`
      : capture
        ? 'git prov dataset list'
        : 'git prov capture, then run it again',
  })
}
