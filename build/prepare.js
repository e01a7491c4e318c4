import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

// npm runs this after `npm ci`, and also for `npm install -g .` in a fresh clone, where what the build needs is not
// there yet and npm's own settings (global, prefix) are those of the other installation.
const root = resolve(import.meta.dirname, '..')
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name)))

function run(...words) {
  const { status } = spawnSync('npm', words, { cwd: root, env, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exitCode = status ?? 1
  return status === 0
}

if (existsSync(join(root, 'node_modules/esbuild')) || run('ci', '--ignore-scripts', '--no-audit', '--no-fund')) {
  run('run', '--silent', 'build')
}
