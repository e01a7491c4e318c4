// Bundles src into dist as CommonJS, which starts faster than ES modules: one small file that knows the commands, one
// file for each command, and the hook. What only a few calls need is not read with the rest.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { bundling, split, splitEntries } from './split.js'

const root = resolve(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const starter = readFileSync(join(root, 'build/start.cjs'), 'utf8').replace(/^(\/\/|\/\*\*).*\n/gm, '')
const outdir = process.argv[2] ?? join(root, 'dist')
rmSync(outdir, { recursive: true, force: true })
mkdirSync(outdir, { recursive: true })

const shared = {
  ...bundling,
  absWorkingDir: root,
  outdir,
  metafile: true,
  define: { __VERSION__: JSON.stringify(version) },
}
const built = await Promise.all([
  build({
    ...shared,
    entryPoints: {
      validators: join(root, 'src/generated/validators.js'),
      'file-validators': join(root, 'src/generated/file-validators.js'),
    },
  }),
  build({
    ...shared,
    plugins: [split],
    entryPoints: {
      'hook-main': join(root, 'src/hook.ts'),
      'git-prov': join(root, 'src/git-prov.ts'),
      ...splitEntries,
    },
  }),
])
writeFileSync(join(outdir, 'LICENSES.txt'), licencesOf(built))
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

/**
 * The notices of the packages that are part of the bundles, which their licences ask for.
 * @param {import('esbuild').BuildResult[]} results
 */
function licencesOf(results) {
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}))
  const folders = inputs.flatMap((path) => path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? [])
  const notices = [...new Set(folders)].sort().map((folder) => {
    const place = join(root, folder)
    const file = readdirSync(place).find((name) => /^licen[cs]e/i.test(name))
    const { name, version, license } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(place, file), 'utf8').trim() : ''}\n`
  })
  return notices.join(`\n${'-'.repeat(80)}\n\n`)
}
