// Bundles src into dist: the command line (ES modules, split so that each command loads what it uses)
// and the hook (one lean CommonJS file, which starts faster).
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const outdir = process.argv[2] ?? join(root, 'dist')
rmSync(outdir, { recursive: true, force: true })

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minify: !process.env.GIT_PROV_READABLE,
  keepNames: false,
  legalComments: 'none',
  define: { __VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
  // Installed beside us and loaded by the few calls that need them.
  external: ['yaml', 'smol-toml', 'picomatch'],
}
// The hook is one file, but what only a few of its calls need is not read with it.
const validatorsApart = {
  name: 'validators apart',
  setup({ onResolve }) {
    onResolve({ filter: /generated\/validators\.js$/ }, () => ({ path: './validators.cjs', external: true }))
  },
}

await Promise.all([
  build({
    ...shared,
    entryPoints: { validators: join(root, 'src/generated/validators.js') },
    outdir,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  }),
  build({
    ...shared,
    entryPoints: { 'git-prov': join(root, 'src/git-prov.ts') },
    outdir,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  }),
  build({
    ...shared,
    plugins: [validatorsApart],
    entryPoints: { hook: join(root, 'src/hook.ts') },
    outdir,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  }),
])
chmodSync(join(outdir, 'git-prov.js'), 0o755)
