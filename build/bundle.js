// Bundles src into dist as CommonJS, which starts faster than ES modules: one small file that knows the commands, one
// file for each command, and the hook. What only a few calls need is not read with the rest.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { apart, apartEntries, bundling } from './apart.js'

const root = resolve(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const starter = readFileSync(join(root, 'build/start.cjs'), 'utf8').replace(/^(\/\/|\/\*\*).*\n/gm, '')
const outdir = process.argv[2] ?? join(root, 'dist')
rmSync(outdir, { recursive: true, force: true })
mkdirSync(outdir, { recursive: true })

const shared = { ...bundling, outdir, define: { __VERSION__: JSON.stringify(version) } }
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
// esbuild leaves regular expressions as they are. One letter beyond ASCII makes V8 keep the whole file in two bytes a
// letter, and start it milliseconds later.
for (const name of readdirSync(outdir)) {
  const text = readFileSync(join(outdir, name), 'utf8')
  const ascii = text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  if (ascii !== text) writeFileSync(join(outdir, name), ascii)
}
writeFileSync(join(outdir, 'hook.cjs'), `${starter}start('hook-main.cjs')\n`)
writeFileSync(join(outdir, 'git-prov.js'), `#!/usr/bin/env node\n${starter}start('git-prov.cjs')\n`)
writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n')
chmodSync(join(outdir, 'git-prov.js'), 0o755)
