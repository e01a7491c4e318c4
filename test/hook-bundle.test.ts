import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { bundling, split } from '../build/split.js'

// Every commit of every user waits for this file. What is not needed to capture a commit that changed nothing is
// imported where it is used (`await import`) and left out of the bundle by build/split.js.
const needed: Record<string, string[] | 'all'> = {
  '.': ['context', 'hook'],
  base: [
    ...['digest', 'duration', 'errors', 'escape', 'figure', 'files', 'json', 'missing', 'path-text', 'quantity'],
    ...['safe-pattern'],
  ],
  capture: [
    ...['backfill', 'background', 'capture-commits', 'capture-line', 'pending', 'prefetch', 'record-captures'],
    'redact-fingerprint',
  ],
  collect: ['clean-texts', 'datasets', 'environment', 'parameters', 'structured-file'],
  'collect/datasets': 'all',
  'collect/environment': 'all',
  config: ['config', 'config-file'],
  git: ['environment', 'ident', 'rebasing', 'repository', 'run'],
  'git/history': ['reflog'],
  'git/objects': ['fast-import', 'hash-blobs', 'list-tree', 'objects', 'sign-commit'],
  'git/refs': ['current-branch', 'refs'],
  'git/work-tree': ['status'],
  hooks: 'all',
  'ledger/append': ['branch-commit', 'fold', 'notes-chain', 'spool'],
  'ledger/local': ['backfilled', 'last-fold', 'local-dir', 'lock', 'mode-marker', 'redaction-key', 'settings'],
  'ledger/notes': ['notes', 'read-capture'],
  'ledger/read': ['environments'],
  privacy: ['private-words', 'redact', 'redact-rules', 'redact-scans', 'redact-values', 'secret-names'],
  recording: ['append-entries', 'fitted', 'report', 'say-once'],
  'recording/privacy': ['redactor', 'report-found', 'restriction'],
  'records/fit': ['surely-fits'],
  'records/branch': ['manifest'],
  'records/note-lines': ['capture-note', 'kind-note', 'line-checks'],
  records: ['dataset', 'environment', 'index', 'kind-name', 'layout', 'note', 'record', 'run'],
  terminal: ['progress'],
}

const { metafile } = await build({
  ...bundling,
  plugins: [split],
  entryPoints: ['src/hook.ts'],
  outdir: 'nowhere',
  write: false,
  metafile: true,
})

it('what every commit loads is this and no more', () => {
  const unneeded = Object.keys(metafile.inputs).filter((path) => {
    const [, folder = '.', name = ''] = path.match(/^src\/(?:(.+)\/)?([^/]+)\.ts$/) ?? []
    const known = needed[folder]
    if (known === undefined && /^records\/[a-z-]+$/.test(folder)) return name !== 'note'
    return known !== 'all' && !known?.includes(name)
  })
  expect(unneeded).toEqual([])
})

it('and stays as small as it is', () => {
  const [output] = Object.values(metafile.outputs)
  expect(output?.bytes).toBeLessThan(125_000)
})

it('nothing of node that is slow to load is loaded with it', () => {
  const used = new Set(Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)))
  const modules = [...used].filter((path) => path.startsWith('node:')).sort()
  // worker_threads is loaded when there is much to hash.
  expect(modules).toEqual([
    'node:child_process',
    'node:crypto',
    'node:fs',
    'node:os',
    'node:path',
    'node:timers/promises',
    'node:worker_threads',
  ])
})
