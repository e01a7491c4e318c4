// Bundles src into dist as CommonJS, which starts faster than ES modules: one small file that knows the commands, one
// file for each command, and the hook. What only a few calls need is not read with the rest.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { apart, apartEntries, bundling } from './apart.js'

const root = resolve(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const starter = readFileSync(join(root, 'build/start.cjs'), 'utf8').replace(/^(\/\/|\/\*\*).*\n/gm, '')
const outdir = process.argv[2] ?? join(root, 'dist')
rmSync(outdir, { recursive: true, force: true })
mkdirSync(outdir, { recursive: true })

const shared = { ...bundling, outdir, define: { __VERSION__: JSON.stringify(version) } }
// hook.cjs is what the hook scripts start; `git prov hook` is the same as a command.
const commandFile = (name) => (name === 'hook' ? 'hook-command' : name)
const starter = readFileSync(join(root, 'build/start.cjs'), 'utf8').replace(/^(\/\/|\/\*\*).*\n/gm, '')

// What these load when it is asked for is a file of its own: every commit reads the hook's.
const folder = join(root, 'src/commands')
const loaders = [
  ...readdirSync(join(folder, 'table')).map((name) => join(folder, 'table', name)),
  join(folder, 'hook.ts'),
]

const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /generated\/(file-)?validators\.js$/ }, ({ path }) => ({
      path: `./${basename(path, '.js')}.cjs`,
      external: true,
    }))
    // What few calls of a quick command need.
    onResolve({ filter: /\/catch-up\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './catch-up.cjs', external: true } : undefined,
    )
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, kind, importer }) =>
      kind === 'dynamic-import' && loaders.includes(importer)
        ? { path: `./${commandFile(basename(path, '.ts'))}.cjs`, external: true }
        : undefined,
    )
  },
}

const loaded = new Map(
  loaders.flatMap((loader) =>
    [...readFileSync(loader, 'utf8').matchAll(/import\('(\.[\w./-]+)\.ts'\)/g)].map(([, path]) => [
      commandFile(basename(path)),
      `${join(dirname(loader), path)}.ts`,
    ]),
  ),
)

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  minify: !process.env.GIT_PROV_READABLE,
  legalComments: 'none',
  define: { __VERSION__: JSON.stringify(version) },
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
  // Installed beside us and loaded by the few calls that need them.
  external: ['yaml', 'smol-toml', 'picomatch', 'age-encryption', 'node-sqlite3-wasm', 'xz-decompress'],
  outdir,
  outExtension: { '.js': '.cjs' },
}
await Promise.all([
  build({
    ...shared,
    entryPoints: {
      validators: join(root, 'src/generated/validators.js'),
      'file-validators': join(root, 'src/generated/file-validators.js'),
    },
  }),
  build({
    ...shared,
    plugins: [apart],
    entryPoints: {
      'hook-main': join(root, 'src/hook.ts'),
      'git-prov': join(root, 'src/git-prov.ts'),
      ...apartEntries,
    },
  }),
])
writeFileSync(join(outdir, 'hook.cjs'), `${starter}start('hook-main.cjs')\n`)
writeFileSync(join(outdir, 'git-prov.js'), `#!/usr/bin/env node\n${starter}start('git-prov.cjs')\n`)
writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n')
chmodSync(join(outdir, 'git-prov.js'), 0o755)
