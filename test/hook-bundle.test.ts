import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { apart, bundling } from '../build/apart.js'

// Every commit of every user waits for this file. What is not needed to capture a commit that changed nothing is
// imported where it is used (`await import`) and left out of the bundle by build/apart.js.
const needed: Record<string, string[] | 'all'> = {
  'collect/datasets': 'all',
  'collect/environment': 'all',
  collect: ['clean-texts', 'config-file', 'datasets', 'environment', 'parameters', 'private-words', 'structured-file'],
  commands: [
    ...['behind', 'capture-commits', 'feed', 'finish-pending', 'hook', 'record-captures', 'redact-fingerprint'],
    ...['redactor', 'restriction', 'sweep', 'tell-found'],
  ],
  core: [
    ...['config', 'dataset', 'digest', 'duration', 'environment', 'errors', 'escape', 'figure', 'json', 'layout'],
    ...['manifest', 'missing', 'note', 'path-text', 'record', 'redact', 'redact-rules', 'redact-scans'],
    ...['redact-values', 'replace-file', 'run', 'safe-pattern', 'secret-names'],
  ],
  'core/note-lines': ['decision', 'run'],
  git: [
    ...['current-branch', 'environment', 'fast-import', 'hash-blobs', 'ident', 'list-tree', 'objects', 'rebasing'],
    ...['reflog', 'refs', 'repository', 'run', 'sign-commit', 'work-tree-status'],
  ],
  ledger: [
    ...['branch-commit', 'environments', 'fold', 'last-fold', 'local-dir', 'lock', 'mode-marker', 'notes-chain'],
    ...['notes', 'pending', 'redaction-key', 'settings', 'spool', 'swept'],
  ],
  render: ['capture-line', 'progress'],
  '.': ['context', 'hook'],
}

const { metafile } = await build({
  ...bundling,
  plugins: [apart],
  entryPoints: ['src/hook.ts'],
  outdir: 'nowhere',
  write: false,
  metafile: true,
})

it('what every commit loads is this and no more', () => {
  const unneeded = Object.keys(metafile.inputs).filter((path) => {
    const [, folder = '.', name = ''] = path.match(/^src\/(?:(.+)\/)?([^/]+)\.ts$/) ?? []
    const known = needed[folder]
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
