import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { digestOf } from '../../base/digest.ts'
import { ProvError } from '../../base/errors.ts'
import { isMissing } from '../../base/missing.ts'
import { formatBytes } from '../../base/quantity.ts'
import type { Context } from '../../context.ts'
import { authorOf } from '../../git/ident.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { openBundle as cloneBundle } from '../../git/refs/bundle.ts'
import { privateWords } from '../../privacy/private-words.ts'
import { makeRedactor } from '../../privacy/redact.ts'
import { fitted } from '../../recording/fitted.ts'
import { type Environment, isEnvironment } from '../../records/environment.ts'
import { parseRecord, type Run, type StoredRecord } from '../../records/record.ts'
import { validate } from '../../records/validate.ts'
import { Guard } from '../guard.ts'
import type { Workspace } from '../place/workspace.ts'
import { replayRecord } from '../record.ts'
import type { Session } from '../session.ts'
import type { Subject } from '../subject.ts'
import { type BundleIndex, readBundleIndex } from './bundle-format.ts'

type FromBundle = Pick<Session, 'origin' | 'redactor' | 'others' | 'keep'> & { subject: Subject; close(): void }

/** Opens a run from a bundle, without a repository. Every part is verified against bundle.json. Throws `record`. */
export async function openBundle(context: Context, typed: string): Promise<FromBundle> {
  const given = resolve(context.cwd, typed)
  if (!existsSync(given))
    throw new ProvError('usage', `there is nothing at '${typed}'`, { hint: 'git-prov replay --bundle .' })
  const isFolder = statSync(given).isDirectory()
  const folder = isFolder ? realpathSync(given) : await unpacked(given)
  const close = () => void (isFolder || rmSync(dirname(folder), { recursive: true, force: true }))
  try {
    const { index, stored } = await readRun(folder)
    const subject = toSubject(index, stored, folder)
    return {
      subject,
      origin: { isolation: 'bundle', own: undefined, packages: folder, open: () => openPlace(context, index, folder) },
      redactor: makeRedactor({ words: privateWords(context.env), key: randomBytes(32) }),
      others: [join(folder, 'inputs')],
      async keep(prepared, findings, request) {
        const workspace = { cwd: folder, env: context.env as Record<string, string> }
        const [, name = 'somebody', email = ''] = authorOf(workspace, context.env)?.match(/^(.*) <(.*)>$/) ?? []
        const record = await fitted(replayRecord(prepared, findings, { name, email }, request, context.now()))
        if (isFolder) writeFileSync(join(folder, 'replay.json'), record.text)
        return record
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** Unpacks a .tar.gz into a temporary folder; returns the folder with bundle.json. */
async function unpacked(file: string): Promise<string> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'git-prov-bundle-')))
  const close = () => rmSync(base, { recursive: true, force: true })
  const guard = new Guard(close)
  try {
    const folder = join(base, 'bundle')
    mkdirSync(folder)
    const { unpack } = await import('./unpack.ts')
    await unpack(file, folder)
    return folder
  } catch (error) {
    close()
    throw error
  } finally {
    guard.off()
  }
}

async function readRun(folder: string): Promise<{ index: BundleIndex; stored: StoredRecord<Run> }> {
  const index = readBundleIndex(readText(folder, 'bundle.json'))
  if (!index)
    throw new ProvError('record', 'bundle.json was not written by git prov bundle', {
      hint: 'ask whoever made it for a new bundle',
    })
  const stored = parseRecord(Buffer.from(readText(folder, 'run.json'), 'utf8'), index.record)
  const [problem] = await validate('run', 1, stored.record)
  if (problem || stored.record.kind !== 'run')
    throw new ProvError('record', `run.json: ${problem?.pointer ?? ''} ${problem?.message ?? 'is not a run'}`, {
      hint: 'ask whoever made it for a new bundle',
    })
  return { index, stored: stored as StoredRecord<Run> }
}

/** The limit for a record, or a file it names; nothing valid is longer. */
const maxText = 64 * 1024 * 1024

function readText(folder: string, name: string): string {
  try {
    const path = join(folder, name)
    if (statSync(path).size > maxText) throw new RangeError(`it is longer than ${formatBytes(maxText)}`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ProvError('record', `there is no ${name} in ${folder}`, {
      cause: error,
      hint: 'name the folder that git prov bundle made',
    })
  }
}

/** The tree in the bundle must be the one the record names. */
function toSubject(index: BundleIndex, { id, record }: StoredRecord<Run>, folder: string): Subject {
  const { snapshot, about } = record
  const tree = snapshot && !isMissing(snapshot) ? snapshot.tree : about?.tree
  if (tree !== index.tree)
    throw new ProvError('record', 'the code in the bundle is not that of the run', {
      hint: 'ask whoever made it for a new bundle',
    })
  return {
    id: index.run,
    finishedId: id,
    record,
    commit: about?.commit ?? index.commit,
    snapshotTree: snapshot && !isMissing(snapshot) ? snapshot.tree : undefined,
    environment: readRecordedEnvironment(record, folder),
  }
}

function readRecordedEnvironment({ environment }: Run, folder: string): Environment | undefined {
  if (isMissing(environment)) return undefined
  const text = readText(folder, 'environment.json')
  if (digestOf(text) !== environment.digest)
    throw new ProvError('record', 'environment.json is not that of the run', {
      hint: 'ask whoever made it for a new bundle',
    })
  const value: unknown = JSON.parse(text)
  return isEnvironment(value) ? value : undefined
}

async function openPlace(context: Context, { commit, tree }: BundleIndex, folder: string): Promise<Workspace> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'git-prov-replay-')))
  const close = (keep = false) => void (keep || rmSync(base, { recursive: true, force: true }))
  try {
    mkdirSync(join(base, 'cache'))
    const repository = cloneBundle(join(folder, 'code.bundle'), join(base, 'tree'), { commit, env: context.env })
    const objects = new ObjectReader(repository)
    const found = await objects.read(`${commit}^{tree}`)
    const workspace = {
      repository: { ...repository, workTree: repository.workTree ?? join(base, 'tree') },
      objects,
      base,
      doubts: [],
      close: (keep?: boolean) => {
        objects.close()
        close(keep)
      },
    }
    if (found?.oid === tree) return workspace
    objects.close()
    throw new ProvError('record', 'the code in the bundle is not that of the run', {
      hint: 'ask whoever made it for a new bundle',
    })
  } catch (error) {
    close()
    throw error
  }
}
