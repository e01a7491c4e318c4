import { digestOf } from '../../base/digest.ts'
import { pathText } from '../../base/path-text.ts'
import { type ChangedCommit, streamChanges } from '../../git/history/changed-files.ts'
import { type ObjectReader, parseTree } from '../../git/objects/objects.ts'
import { CommitFiles, parseYaml } from '../commit-files.ts'
import type { Gathering } from '../import-runs.ts'
import { type FolderFile, readMlflowFolder } from './folder.ts'
import { type MlflowRun, readMeta } from './format.ts'

/** A run's folder at the last commit that changed its meta.yaml. */
interface Found {
  /** A byte string, from the top. */
  folder: string
  commit: ChangedCommit
  /** The commit that added it. */
  first: ChangedCommit
}

/** Runs in folders that are, or once were, committed. */
export async function* mlflowHistory({ objects, repository, except, progress }: Gathering) {
  const files = new CommitFiles(objects)
  for (const [, found] of await findFolders({ objects, repository, except, progress }, files)) {
    const run = await readFolder(objects, files, found)
    if (run) yield { run, first: found.first, source: `${pathText(found.folder)} at ${found.commit.oid}` }
  }
}

type Finding = Pick<Gathering, 'objects' | 'repository' | 'except' | 'progress'>

async function findFolders({ repository, except, progress }: Finding, files: CommitFiles): Promise<Map<string, Found>> {
  const folders = new Map<string, Found>()
  let done = 0
  for await (const commit of streamChanges(repository, { paths: [':(glob)**/meta.yaml'], except })) {
    for (const { path, after } of commit.changes) {
      const blob = await files.readBlob(after)
      const meta = blob && readMeta(await files.parsed(blob, 'yaml', parseYaml))
      if (!meta || !path.includes('/')) continue
      progress(++done)
      folders.set(meta.id, {
        folder: path.slice(0, path.lastIndexOf('/')),
        commit,
        first: folders.get(meta.id)?.first ?? commit,
      })
    }
  }
  return folders
}

async function readFolder(
  objects: ObjectReader,
  files: CommitFiles,
  { folder, commit }: Found,
): Promise<MlflowRun | undefined> {
  const text = Buffer.from(folder, 'latin1').toString('utf8')
  const above = text.slice(0, Math.max(0, text.lastIndexOf('/')))
  const read = async (path: string) => {
    const blob = await files.read(commit.oid, path)
    return blob && (await files.parsed(blob, 'yaml', parseYaml))
  }
  const experiment = (await read(`${above}/meta.yaml`)) as { name?: unknown } | undefined
  return await readMlflowFolder(await listFolder(objects, `${commit.oid}:${text}`, text), {
    ...(typeof experiment?.name === 'string' && { name: experiment.name }),
    dataset: (id) => read(`${above}/datasets/${id}/meta.yaml`),
  })
}

const mostFiles = 20_000

/** Every file below a tree of a commit. */
async function listFolder(objects: ObjectReader, tree: string, top: string): Promise<FolderFile[]> {
  const listed: FolderFile[] = []
  const walk = async (name: string, prefix: string, depth: number): Promise<void> => {
    const object = await objects.read(name)
    if (object?.type !== 'tree' || depth > 32) return
    for (const { mode, oid, name: part } of parseTree(object)) {
      const path = `${prefix}${pathText(part)}`
      if (mode === '40000') await walk(oid, `${path}/`, depth + 1)
      else if (mode.startsWith('100') && listed.length < mostFiles)
        listed.push(fileOf(objects, oid, path, `${top}/${path}`))
    }
  }
  await walk(tree, '', 0)
  return listed
}

function fileOf(objects: ObjectReader, oid: string, path: string, shownPath: string): FolderFile {
  const read = async () => (await objects.read(oid))?.body
  return {
    path,
    read,
    async describe() {
      const body = await read()
      const file = { path: shownPath, declared: 'mlflow' as const }
      if (!body) return { ...file, state: 'missing', reason: 'its content is not in this clone' }
      return { ...file, state: 'complete', digest: digestOf(body), bytes: body.length }
    },
  }
}
