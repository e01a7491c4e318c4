import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { missing } from '../../base/missing.ts'
import type { CollectInput, Collector } from './collector.ts'
import { readJson, readText } from './text-file.ts'

type PythonKind = 'venv' | 'conda' | 'system'

/** An interpreter as found on disk, without starting it. */
interface Interpreter {
  kind: PythonKind
  /** sys.prefix. */
  prefix: string
  /** Folders packages are installed in, in the order Python searches them. */
  sites: string[]
}

/**
 * The Python a command typed here would run, and every package installed for it, read from the metadata that
 * installers leave (PEP 376 and 627: <name>-<version>.dist-info; conda-meta/*.json).
 */
export const python: Collector = {
  half: 'software',
  name: 'python',
  keys(input) {
    const found = findInterpreter(input)
    // Not PATH itself: git puts its own folder before it in a hook.
    if (!found) return ['=none']
    return [
      `=${found.kind} ${found.prefix}`,
      join(found.prefix, 'pyvenv.cfg'),
      join(found.prefix, 'conda-meta'),
      ...found.sites,
    ]
  },
  collect(input) {
    const found = findInterpreter(input)
    if (!found) return missing('no virtual environment here and no python3 on PATH')
    const { version, implementation } = readVersion(found)
    const packages = readPackages(found)
    const manager = readText(join(found.prefix, 'pyvenv.cfg'))?.match(/^uv = (.+)$/m) ? 'uv' : undefined
    return {
      implementation,
      ...(version && { version }),
      kind: found.kind,
      ...(manager && { manager }),
      packages: sortedRecord(packages.versions),
      ...(packages.sources.size > 0 && { sources: sortedRecord(packages.sources) }),
    }
  },
}

function findInterpreter(input: CollectInput): Interpreter | undefined {
  const { root, env } = input
  const active = env.VIRTUAL_ENV
  for (const prefix of [active, join(root, '.venv'), join(root, 'venv'), join(root, 'env')]) {
    if (prefix && isFile(join(prefix, 'pyvenv.cfg'))) return venv(prefix)
  }
  if (env.CONDA_PREFIX && statSync(join(env.CONDA_PREFIX, 'conda-meta'), { throwIfNoEntry: false })) {
    return { kind: 'conda', prefix: env.CONDA_PREFIX, sites: sitePackages(env.CONDA_PREFIX) }
  }
  return onPath(env)
}

function onPath(env: CollectInput['env']): Interpreter | undefined {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (!folder.startsWith('/')) continue
    for (const name of ['python3', 'python']) {
      const binary = join(folder, name)
      if (!isFile(binary)) continue
      const before = dirname(folder)
      if (isFile(join(before, 'pyvenv.cfg'))) return venv(before)
      return system(binary, env)
    }
  }
  return undefined
}

function venv(prefix: string): Interpreter {
  const sites = sitePackages(prefix)
  const config = readText(join(prefix, 'pyvenv.cfg')) ?? ''
  if (/^include-system-site-packages\s*=\s*true/im.test(config)) {
    const home = config.match(/^home\s*=\s*(.+)$/im)?.[1]?.trim()
    if (home) sites.push(...sitePackages(dirname(home)), ...debianPackages(dirname(home)))
  }
  return { kind: 'venv', prefix, sites }
}

function system(binary: string, env: CollectInput['env']): Interpreter {
  const target = realpathSync(pyenvTarget(binary, env) ?? binary)
  const prefix = dirname(dirname(target))
  // One prefix can hold several Pythons; the binary's own name says which one it is.
  const version = target.match(/python(3\.\d+)$/)?.[1]
  const sites = sitePackages(prefix).filter(
    (site) => !version || site.includes(`/python${version}/`) || site.includes('/pypy'),
  )
  return { kind: 'system', prefix, sites: [...sites, ...debianPackages(prefix)] }
}

/** A pyenv shim is a script; the version it would start is named by variable or file (pyenv, `version-name`). */
function pyenvTarget(binary: string, env: CollectInput['env']): string | undefined {
  const root = dirname(dirname(binary))
  if (!binary.endsWith('/shims/python3') && !binary.endsWith('/shims/python')) return undefined
  const name = env.PYENV_VERSION ?? readText(join(root, 'version'))
  const chosen = name?.split(/[\s:]+/).find(Boolean)
  const target = chosen && join(root, 'versions', chosen, 'bin/python3')
  return target && isFile(target) ? target : undefined
}

function sitePackages(prefix: string): string[] {
  return ['lib', 'lib64', 'Lib']
    .flatMap((lib) =>
      list(join(prefix, lib))
        .filter((name) => /^(python3\.\d+t?|pypy3\.\d+)$/.test(name))
        .map((name) => join(prefix, lib, name, 'site-packages')),
    )
    .filter(
      (site, _, all) => exists(site) && !(site.includes('/lib64/') && all.includes(site.replace('/lib64/', '/lib/'))),
    )
}

/** Debian and its children install the distribution's own packages beside site-packages. */
function debianPackages(prefix: string): string[] {
  const local = list(join(prefix, 'local/lib')).filter((name) => /^python3\.\d+$/.test(name))
  return [
    ...local.map((name) => join(prefix, 'local/lib', name, 'dist-packages')),
    join(prefix, 'lib/python3/dist-packages'),
  ].filter(exists)
}

function readVersion({ prefix, sites }: Interpreter): { version: string | undefined; implementation: string } {
  const config = readText(join(prefix, 'pyvenv.cfg'))
  const implementation = sites.some((site) => site.includes('/pypy3')) ? 'PyPy' : 'CPython'
  const named = config?.match(/^version(?:_info)?\s*=\s*(\d+\.\d+\.\d+)/m)?.[1]
  return {
    version: named ?? condaVersion(prefix) ?? headerVersion(prefix, sites) ?? shortVersion(sites),
    implementation,
  }
}

function condaVersion(prefix: string): string | undefined {
  const meta = list(join(prefix, 'conda-meta')).find((name) => /^python-3[\d.]+-.*\.json$/.test(name))
  return meta?.match(/^python-([\d.]+)-/)?.[1]
}

/** CPython's own header has the full version where its development files are installed. */
function headerVersion(prefix: string, sites: readonly string[]): string | undefined {
  const short = shortVersion(sites)
  return readText(join(prefix, `include/python${short}/patchlevel.h`))?.match(/define PY_VERSION\s+"([^"]+)"/)?.[1]
}

const shortVersion = (sites: readonly string[]) => sites.join('\n').match(/\/(?:python|pypy)(3\.\d+)/)?.[1]

interface Packages {
  versions: Map<string, string>
  /** Where a package comes from when it is not from an index: a commit, an archive's digest, or `editable`. */
  sources: Map<string, string>
}

function readPackages({ prefix, sites }: Interpreter): Packages {
  const packages: Packages = { versions: new Map(), sources: new Map() }
  for (const site of sites) {
    for (const name of list(site)) addInstalled(packages, site, name)
  }
  for (const file of list(join(prefix, 'conda-meta'))) addConda(packages, join(prefix, 'conda-meta', file))
  return packages
}

/** The folder's name is `<name>-<version>.dist-info` (PEP 427, escaped); .egg-info as setuptools names it. */
function addInstalled({ versions, sources }: Packages, site: string, entry: string): void {
  const match = entry.match(/^(.+?)-([^-]+?)(?:-py3\.\d+.*)?\.(dist-info|egg-info)$/)
  if (!match) return
  const name = normalise(match[1] as string)
  if (versions.has(name)) return
  versions.set(name, match[2] as string)
  const source = match[3] === 'dist-info' ? readSource(join(site, entry, 'direct_url.json')) : undefined
  if (source) sources.set(name, source)
}

/** PEP 610. The URL itself is left out: it can hold credentials, and a local path names the user. */
function readSource(path: string): string | undefined {
  const direct = readJson(path) as
    | {
        vcs_info?: { vcs?: unknown; commit_id?: unknown }
        archive_info?: { hash?: unknown; hashes?: { sha256?: unknown } }
        dir_info?: { editable?: unknown }
      }
    | undefined
  if (!direct) return undefined
  const { vcs_info: vcs, archive_info: archive, dir_info: folder } = direct
  if (typeof vcs?.commit_id === 'string' && /^[0-9a-f]{6,64}$/i.test(vcs.commit_id)) return `commit ${vcs.commit_id}`
  const hash =
    archive?.hashes?.sha256 ?? (typeof archive?.hash === 'string' ? archive.hash.replace(/^sha256=/, '') : undefined)
  if (typeof hash === 'string' && /^[0-9a-f]{64}$/i.test(hash)) return `sha256 ${hash}`
  if (folder) return folder.editable === true ? 'editable' : 'folder'
  return undefined
}

/** conda's own packages; what pip installed beside them was read from site-packages and stays as it is. */
function addConda({ versions }: Packages, path: string): void {
  if (!path.endsWith('.json')) return
  const match = path.slice(path.lastIndexOf('/') + 1).match(/^(.+)-([^-]+)-([^-]+)\.json$/)
  if (match && !versions.has(normalise(match[1] as string)))
    versions.set(normalise(match[1] as string), match[2] as string)
}

/** PEP 503. */
const normalise = (name: string) => name.replace(/[-_.]+/g, '-').toLowerCase()

const sortedRecord = (map: Map<string, string>) => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))

const isFile = (path: string) => existsSync(path) && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
const exists = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
