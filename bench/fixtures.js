import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { env } from './measure.js'

const root = resolve(import.meta.dirname, '..')
export const entry = join(root, 'dist/git-prov.js')
export const work = mkdtempSync(join(tmpdir(), 'git-prov-bench-'))

/** The product's own record builder, layout and collectors, bundled for this run. */
export async function loadKit() {
  const outfile = join(root, 'dist/bench-kit.mjs')
  await build({
    entryPoints: [join(root, 'bench/kit.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    external: ['yaml', 'smol-toml', 'picomatch'],
    define: { __VERSION__: '"bench"' },
    logLevel: 'error',
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  })
  return await import(pathToFileURL(outfile).href)
}

export function git(cwd, ...args) {
  const result = spawnSync('git', args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`)
  return result.stdout.trim()
}

export function prov(cwd, ...args) {
  const result = spawnSync(process.execPath, [entry, ...args], { cwd, env, encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`git prov ${args.join(' ')}: ${result.stderr}`)
  return result.stdout
}

export function repository(name, files = 1000) {
  const cwd = join(work, name)
  mkdirSync(cwd, { recursive: true })
  git(cwd, 'init', '--quiet', '--initial-branch=main')
  // No background work while measuring.
  git(cwd, 'config', 'gc.auto', '0')
  for (let i = 0; i < files; i++) {
    const path = join(cwd, `data/train/${String(i % 20).padStart(2, '0')}/${i}.csv`)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `row ${i}\n`)
  }
  writeFileSync(join(cwd, 'params.json'), '{"lr": 0.1}\n')
  git(cwd, 'add', '--all')
  git(cwd, 'commit', '--quiet', '-m', 'files')
  return cwd
}

export const day = 86_400
/** Seconds since the epoch. */
export const firstDay = 1_700_000_000

/**
 * Appends `count` commits to main (perDay a day, from `begin` in seconds since the epoch), each with a capture as the
 * product would write it: one commit on the branch and one on the notes. The dataset changes every tenth commit, the
 * environment never.
 */
export function addCaptures(kit, cwd, count, perDay = 30, withProvenance = true, begin = firstDay) {
  const tree = git(cwd, 'rev-parse', 'HEAD^{tree}')
  const environment = kit.buildEnvironment([
    { half: 'host', name: 'os', result: { platform: 'linux', architecture: 'x64' } },
  ])
  const tip = git(cwd, 'rev-parse', 'HEAD')
  let parent = tip
  const commits = []
  const chunks = []
  for (let n = 0; n < count; n++) {
    const when = begin + Math.floor((n * day) / perDay)
    const text = `tree ${tree}\nparent ${parent}\nauthor Bench <bench@example.org> ${when} +0000\ncommitter Bench <bench@example.org> ${when} +0000\n\ncommit ${n}\n`
    parent = createHash('sha1').update(`commit ${text.length}\0${text}`).digest('hex')
    commits.push({ oid: parent, when })
    chunks.push(
      `commit refs/heads/main\nauthor Bench <bench@example.org> ${when} +0000\ncommitter Bench <bench@example.org> ${when} +0000\ndata ${`commit ${n}\n`.length}\ncommit ${n}\n${n === 0 ? `from ${tip}\n` : ''}\n`,
    )
  }
  const recorded = withProvenance ? captures(kit, cwd, commits, tree, tip, environment) : []
  const result = spawnSync('git', ['fast-import', '--quiet', '--force', '--date-format=raw'], {
    cwd,
    env,
    input: [...chunks, ...recorded].join(''),
    maxBuffer: 1 << 30,
  })
  if (result.status !== 0) throw new Error(`fast-import: ${result.stderr}`)
  if (git(cwd, 'rev-parse', 'main') !== parent) throw new Error('the synthetic commits are not the ones computed')
  git(cwd, 'reset', '--quiet', '--hard')
  return commits
}

function captures(kit, cwd, commits, tree, tip, environment) {
  const chunks = []
  const digest = (text) => createHash('sha256').update(text).digest('hex')
  const branchTip = git(cwd, 'rev-parse', 'prov')
  const notesTip = spawnSync('git', ['rev-parse', '-q', '--verify', 'refs/notes/prov'], {
    cwd,
    env,
    encoding: 'utf8',
  }).stdout.trim()
  const { digests, text } = environment
  let parent = tip
  const restart = lastRestart(kit, commits)
  let notes = ''
  commits.forEach(({ oid, when }, n) => {
    const dataset = (k) => digest(`data ${Math.floor(k / 10)}`)
    const datasetChanged = n > 0 && dataset(n) !== dataset(n - 1)
    const stored = kit.buildRecord(
      {
        kind: 'capture',
        agent: { name: 'Bench', email: 'bench@example.org' },
        about: { commit: oid, tree, parents: [parent], branch: 'main' },
        trigger: 'post-commit',
        late: false,
        environment: digests,
        datasets: {
          train: {
            path: 'data/train',
            state: 'complete',
            source: 'git',
            digest: dataset(n),
            files: 1000,
            bytes: 7890 + Math.floor(n / 10),
          },
        },
        parameters: { 'params.json': { digest: digest('p'), values: { lr: 0.1 } } },
        changed: datasetChanged
          ? { datasets: { train: { from: dataset(n - 1), added: 0, removed: 0, modified: 1 } } }
          : {},
      },
      new Date(when * 1000 + (n % 1000)),
    )
    parent = oid
    const line = `${kit.formatNoteLine(kit.noteLines(stored).get(oid))}\n`
    const ident = `Bench <bench@example.org> ${when} +0000`
    const message = `capture ${oid.slice(0, 10)}\n`
    const data = (content) => `data ${Buffer.byteLength(content)}\n${content}\n`
    chunks.push(
      `commit refs/heads/prov\nauthor ${ident}\ncommitter ${ident}\n${data(message)}${n === 0 ? `from ${branchTip}\n` : ''}M 100644 inline ${kit.recordPath('capture', stored.record.time, stored.id)}\n${data(stored.text)}`,
    )
    if (n === 0) chunks.push(`M 100644 inline ${kit.environmentPath(digests.digest)}\n${data(text)}`)
    chunks.push('\n')
    notes += `M 100644 inline ${oid.slice(0, 2)}/${oid.slice(2)}\n${data(line)}`
    if (n < restart) return
    const from = n === restart && notesTip ? `from ${notesTip}\n` : ''
    chunks.push(`commit refs/notes/prov\nauthor ${ident}\ncommitter ${ident}\n${data('notes\n')}${from}${notes}\n`)
    notes = ''
  })
  return chunks
}

/** Where the history of the notes was last restarted: git has pruned what came before. */
function lastRestart(kit, commits) {
  let chain
  let restart = 0
  commits.forEach(({ when }, n) => {
    chain = kit.growChain(chain, when * 1000)
    if (chain.commits === 1) restart = n
  })
  return restart
}
