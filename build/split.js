import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/**
 * A command has its own name, all else its whole path: `git prov seal` and what seals are two files. hook-main.cjs is what
 * the hook scripts start; `git prov hook` is the same as a command.
 */
function bundleName(source) {
  const [room, ...names] = relative(join(root, 'src'), source).replace(/\.ts$/, '').split('/')
  if (room !== 'commands') return [room, ...names].join('-')
  return names[0] === 'hook' ? 'hook-command' : names.join('-')
}

/** What these load when it is asked for is a file of its own: every commit reads the hook's. */
const loaders = ['src/cli/table', 'src/hooks'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
)

/** What few calls of a quick command need. */
const lazy = [
  'catch-up/catch-up-now',
  'capture/record-patches',
  'trust/seal',
  'ledger/share/join',
  'ledger/share/sync-plan',
  'recording/hold-to-schema',
  'recording/privacy/encrypt-entry',
  'recording/privacy/open-named',
  'recording/privacy/open-restricted',
  'records/fit/fit',
  'run/plan/baseline',
  'run/close-abandoned',
  'run/queued',
  'decisions/draft/decision-files',
  'config/parse-config',
  'execute/file-trace',
  'mlflow/requests',
  'replay/bundle/pack',
  'replay/bundle/unpack',
].map((path) => join(root, `src/${path}.ts`))

const loaded = loaders.flatMap((loader) =>
  [...readFileSync(loader, 'utf8').matchAll(/import\('(\.[\w./-]+\.ts)'\)/g)].map(([, path]) =>
    join(dirname(loader), path),
  ),
)

/** The files of their own: name in dist to source. */
export const splitEntries = Object.fromEntries(
  [...new Set([...lazy, ...loaded])].map((source) => [bundleName(source), source]),
)
if (Object.keys(splitEntries).length < new Set([...lazy, ...loaded]).size)
  throw new Error('two sources want the same name in dist: build/split.js')

const sources = new Set(Object.values(splitEntries))

/**
 * esbuild plugin: what is not read with the rest stays outside of a bundle, as a file of its own. A file is known by its
 * whole path: two of one name are two files.
 * @type {import('esbuild').Plugin}
 */
export const split = {
  name: 'split',
  setup({ onResolve }) {
    onResolve({ filter: /generated\/(file-)?validators\.js$/ }, ({ path }) => ({
      path: `./${basename(path, '.js')}.cjs`,
      external: true,
    }))
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, kind, importer }) => {
      const source = join(dirname(importer), path)
      return kind === 'dynamic-import' && sources.has(source)
        ? { path: `./${bundleName(source)}.cjs`, external: true }
        : undefined
    })
  },
}

/**
 * How every bundle is made.
 * @satisfies {import('esbuild').BuildOptions}
 */
export const bundling = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  minify: !process.env.GIT_PROV_READABLE,
  legalComments: 'none',
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
  // Installed beside us and loaded by the few calls that need them.
  external: ['yaml', 'smol-toml', 'picomatch', 'age-encryption', 'node-sqlite3-wasm', 'xz-decompress'],
  outExtension: { '.js': '.cjs' },
}
