import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

const src = resolve(import.meta.dirname, '../src')
const allowed: Record<string, string[]> = {
  core: ['generated'],
  generated: [],
  git: ['core'],
  ledger: ['core', 'git', 'generated'],
  collect: ['core', 'git', 'generated'],
  install: ['core', 'git', 'generated'],
  render: ['core', 'generated'],
  interop: ['core', 'generated'],
  serve: ['core', 'interop', 'generated'],
  execute: ['core', 'generated'],
  commands: [
    'core',
    'git',
    'ledger',
    'collect',
    'install',
    'render',
    'interop',
    'serve',
    'execute',
    'context.ts',
    'generated',
  ],
  'context.ts': ['git'],
  'cli.ts': ['commands', 'core', 'context.ts', 'render'],
  'git-prov.ts': ['cli.ts', 'context.ts'],
  'hook.ts': ['commands', 'context.ts'],
}
const room = (path: string) => relative(src, path).split('/')[0] as string
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
  .map((name) => join(src, name))

function arrows(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const imports = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) =>
    resolve(dirname(file), match[1] as string),
  )
  return imports
    .map((target) => `${room(file)} -> ${room(target)}`)
    .filter((arrow) => arrow.split(' -> ')[0] !== arrow.split(' -> ')[1])
}

it('the house has only the arrows of its drawing', () => {
  const drawn = new Set(Object.entries(allowed).flatMap(([from, targets]) => targets.map((to) => `${from} -> ${to}`)))
  const found = new Set(files.flatMap(arrows))
  expect([...found].filter((arrow) => !drawn.has(arrow))).toEqual([])
})

it('git is run in one room only, and nothing ends the process', () => {
  const texts = files.map((file) => [relative(src, file), readFileSync(file, 'utf8')] as const)
  const starters = texts.filter(([, text]) => text.includes("'node:child_process'")).map(([file]) => file)
  expect(starters.sort()).toEqual([
    'collect/environment/accelerators.ts',
    'commands/behind.ts',
    'commands/demo.ts',
    'commands/terminal.ts',
    'execute/accelerator-watch.ts',
    'execute/execute.ts',
    'execute/file-trace.ts',
    'execute/ssh-signature.ts',
    'execute/tool.ts',
    'git/objects.ts',
    'git/run.ts',
  ])
  expect(texts.filter(([, text]) => /process\.exit\(/.test(text))).toEqual([])
})
