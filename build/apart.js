import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** hook-main.cjs is what the hook scripts start; `git prov hook` is the same as a command. */
const commandFile = (name) => (name === 'hook' ? 'hook-command' : name)

/** What these load when it is asked for is a file of its own: every commit reads the hook's. */
const folder = join(root, 'src/commands')
const loaders = [
  ...readdirSync(join(folder, 'table')).map((name) => join(folder, 'table', name)),
  join(folder, 'hook.ts'),
]

/** What few calls of a quick command need. */
const seldom = Object.fromEntries(
  [
    'commands/catch-up-now',
    'commands/record-patches',
    'commands/seal',
    'ledger/join',
    'ledger/sync-plan',
    'commands/hide-entry',
    'commands/run/baseline',
    'commands/run/close-abandoned',
    'commands/run/queued',
    'collect/decision-files',
    'core/parse-config',
    'execute/file-trace',
    'serve/mlflow/requests',
  ].map((path) => [basename(path), `src/${path}.ts`]),
)

/**
 * esbuild plugin: what is not read with the rest stays outside of a bundle, as a file of its own.
 * @type {import('esbuild').Plugin}
 */
export const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /generated\/(file-)?validators\.js$/ }, ({ path }) => ({
      path: `./${basename(path, '.js')}.cjs`,
      external: true,
    }))
    onResolve({ filter: new RegExp(`/(${Object.keys(seldom).join('|')})\\.ts$`) }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.cjs`, external: true } : undefined,
    )
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, kind, importer }) =>
      kind === 'dynamic-import' && loaders.includes(importer)
        ? { path: `./${commandFile(basename(path, '.ts'))}.cjs`, external: true }
        : undefined,
    )
  },
}

const commands = loaders.flatMap((loader) =>
  [...readFileSync(loader, 'utf8').matchAll(/import\('(\.[\w./-]+)\.ts'\)/g)].map(([, path]) => [
    commandFile(basename(path)),
    relative(root, `${join(dirname(loader), path)}.ts`),
  ]),
)

/** The files of their own: name in dist to source. */
export const apartEntries = Object.fromEntries(
  [...Object.entries(seldom), ...commands].map(([name, source]) => [name, join(root, source)]),
)

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
