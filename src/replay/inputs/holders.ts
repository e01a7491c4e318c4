import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { byteString, fsPath } from '../../base/path-text.ts'
import { findAnnexContent } from '../../collect/datasets/annex.ts'
import { CommitTree } from '../../collect/datasets/commit-tree.ts'
import { type DvcOutput, findDvcOutput } from '../../collect/datasets/dvc.ts'
import { parseAnnexPointer, parseLfsPointer } from '../../collect/datasets/pointers.ts'
import { tool } from '../../execute/tool.ts'
import { tryGit } from '../../git/run.ts'
import { insideOf } from '../place/inside.ts'
import type { Workspace } from '../place/workspace.ts'
import { copy } from './copy.ts'

interface Request {
  workspace: Workspace
  /** From the top of the work tree. */
  path: string
  commonDir: string
  workTree: string | undefined
}

/** A tool that stores data for a repository outside git: Git LFS, git-annex, DVC. */
export interface Holder {
  name: string
  /** The command to fetch it, for people. */
  command: string
  /** Copies what this clone has into the workspace. elsewhere: known, but must be fetched. */
  look(request: Request): Promise<'here' | 'elsewhere' | 'unknown'>
  /** Fetches it into the workspace. Returns why that failed. */
  fetch(request: Request): Promise<string | undefined>
}

const lfs: Holder = {
  name: 'git-lfs',
  command: 'git lfs pull',
  look: async (request) => materialise(request, lfsContent),
  async fetch(request) {
    const { workspace, path } = request
    const result = tryGit(workspace.repository, ['lfs', 'pull', `--include=${path}`, '--exclude='])
    materialise(request, lfsContent)
    return result.status === 0 ? undefined : `git lfs pull: ${lastLine(result.stderr)}`
  },
}

const annex: Holder = {
  name: 'git-annex',
  command: 'git annex get',
  look: async (request) => materialise(request, annexContent),
  async fetch(request) {
    const { workspace, path } = request
    const result = tryGit(workspace.repository, ['annex', 'get', '--', path])
    materialise(request, annexContent)
    return result.status === 0
      ? undefined
      : `git annex get: ${lastLine(result.stderr || result.stdout.toString('utf8'))}`
  },
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? ''

/** Where the content of a pointer file (its text and mode) is in this clone: a path, or 'elsewhere'; undefined when it is not a pointer. */
type Content = (text: string, isLink: boolean, commonDir: string) => { at: string | Buffer } | 'elsewhere' | undefined

const lfsContent: Content = (text, isLink, commonDir) => {
  const digest = isLink ? undefined : parseLfsPointer(text)?.digest
  if (digest === undefined) return undefined
  const at = join(commonDir, 'lfs/objects', digest.slice(0, 2), digest.slice(2, 4), digest)
  return existsSync(at) ? { at } : 'elsewhere'
}

const annexContent: Content = (text, _, commonDir) => {
  const key = parseAnnexPointer(text)?.key
  if (key === undefined || key.includes('/')) return undefined
  const found = findAnnexContent(commonDir, key, key)
  return found ? { at: fsPath(found.at as string) } : 'elsewhere'
}

/** Replaces every pointer with its content, at and below a path of the workspace. */
function materialise({ workspace, path, commonDir }: Request, contentOf: Content): 'here' | 'elsewhere' | 'unknown' {
  const top = workspace.repository.workTree
  const target = insideOf(top, path)
  if (target === undefined) return 'unknown'
  let state: 'here' | 'elsewhere' | 'unknown' = 'unknown'
  for (const file of filesBelow(target)) {
    const pointer = readPointer(file)
    const content = pointer && contentOf(pointer.text, pointer.isLink, commonDir)
    if (content === undefined) continue
    if (content === 'elsewhere') state = 'elsewhere'
    else {
      copy(content.at.toString(), file)
      if (state === 'unknown') state = 'here'
    }
  }
  return state
}

function filesBelow(path: string): string[] {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  if (!stat.isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
}

const maxPointer = 32_768

function readPointer(path: string): { text: string; isLink: boolean } | undefined {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return { text: readlinkSync(path), isLink: true }
  return stat.size < maxPointer ? { text: readFileSync(path, 'utf8'), isLink: false } : undefined
}

const dvc: Holder = {
  name: 'DVC',
  command: 'dvc pull',
  async look(request) {
    const output = await dvcOutput(request)
    if (!output?.md5) return 'unknown'
    return fromDvcCache(request, output) ? 'here' : 'elsewhere'
  },
  async fetch({ workspace, path, workTree }) {
    const top = workspace.repository.workTree
    if (workTree && existsSync(join(workTree, '.dvc/config.local')))
      copy(join(workTree, '.dvc/config.local'), join(top, '.dvc/config.local'))
    const { status, text } = await tool('dvc', ['pull', '--quiet', '--', path], {
      cwd: top,
      env: workspace.repository.env,
    })
    return status === 0 ? undefined : `dvc pull: ${lastLine(text)}`
  },
}

async function dvcOutput({ workspace, path }: Request): Promise<DvcOutput | undefined> {
  return await findDvcOutput(new CommitTree(workspace.objects, 'HEAD'), byteString(path), join(workspace.base, 'cache'))
}

/** `<cache>/files/md5/<2>/<30>` since DVC 3.0, `<cache>/<2>/<30>` before; for a folder, a JSON list of its files. */
function fromDvcCache(request: Request, { path, md5 = '' }: DvcOutput): boolean {
  const top = request.workspace.repository.workTree
  const at = (hash: string) =>
    caches(request.workTree)
      .flatMap((cache) => [join(cache, 'files/md5', split(hash)), join(cache, split(hash))])
      .find((file) => existsSync(file))
  const target = insideOf(top, path)
  const list = at(md5)
  if (target === undefined || list === undefined) return false
  if (!md5.endsWith('.dir')) return copied(list, target)
  return readList(list).every(({ md5: hash, relpath }) => {
    const file = insideOf(top, relative(top, join(target, relpath)))
    const content = at(hash)
    return file !== undefined && content !== undefined && copied(content, file)
  })
}

const split = (hash: string) => `${hash.slice(0, 2)}/${hash.slice(2)}`

function copied(from: string, to: string): boolean {
  copy(from, to)
  return true
}

function readList(path: string): { md5: string; relpath: string }[] {
  try {
    const list = JSON.parse(readFileSync(path, 'utf8')) as { md5: string; relpath: string }[]
    const whole =
      Array.isArray(list) && list.every(({ md5, relpath }) => /^[0-9a-f]{32}$/.test(md5) && typeof relpath === 'string')
    return whole ? list : []
  } catch {
    return []
  }
}

/** Where this clone's DVC stores content: cache.dir, relative to the configuration file, else .dvc/cache. */
function caches(workTree: string | undefined): string[] {
  if (workTree === undefined) return []
  const configured = ['config.local', 'config'].flatMap((name) => {
    const file = join(workTree, '.dvc', name)
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const dir = /\[cache\][^[]*?^\s*dir\s*=\s*(.+?)\s*$/m.exec(text)?.[1]
    return dir ? [dir.startsWith('/') ? dir : join(dirname(file), dir)] : []
  })
  return [...configured, join(workTree, '.dvc/cache')]
}

/** Tried in this order. */
export const holders: readonly Holder[] = [lfs, annex, dvc]
