import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { bundling, split, splitEntries } from '../build/split.js'

const src = resolve(import.meta.dirname, '../src')

/** What every engine may import: what the project speaks of, git, and words on a terminal. */
const ground = ['base', 'render', 'git', 'context', 'records', 'config', 'privacy', 'expression', 'terminal']
/** What reads and writes the ledger, and what looks at the world. */
const floor = [...ground, 'ledger', 'recording', 'collect']

/** The rooms from the ground up, and what each may import beside `generated`: rooms below it, and of those only these. */
const allowed: Record<string, string[]> = {
  base: [],
  render: ['base'],
  git: ['base'],
  context: ['git'],
  records: ['base', 'render'],
  config: ['base', 'git'],
  privacy: ['base', 'records'],
  expression: ['base', 'records'],
  terminal: ['base', 'git', 'context'],
  ledger: ['base', 'git', 'records', 'config', 'privacy', 'expression'],
  recording: ['base', 'git', 'context', 'records', 'config', 'privacy', 'ledger'],
  collect: ['base', 'git', 'records', 'config', 'privacy'],
  execute: ['base'],
  mlflow: ['base', 'records'],
  demo: ground,
  lineage: floor,
  history: floor,
  capture: floor,
  datasets: floor,
  decisions: floor,
  checks: [...floor, 'decisions'],
  exchange: [...floor, 'decisions'],
  install: [...floor, 'decisions'],
  run: [...floor, 'execute', 'mlflow', 'decisions'],
  replay: [...floor, 'execute', 'mlflow', 'run'],
  'pull-request': [...floor, 'history', 'decisions', 'checks', 'run'],
  'catch-up': [...floor, 'capture', 'decisions', 'run'],
  retention: [...floor, 'catch-up'],
  health: [...floor, 'capture', 'install', 'replay'],
  trust: [...floor, 'execute', 'catch-up'],
  share: [...floor, 'capture', 'trust'],
  hooks: [...floor, 'capture', 'decisions', 'share'],
  commands: [
    ...[...floor, 'execute', 'demo', 'lineage', 'history', 'capture', 'datasets', 'decisions', 'checks', 'exchange'],
    ...['install', 'run', 'replay', 'pull-request', 'catch-up', 'retention', 'health', 'trust', 'share', 'hooks'],
  ],
  cli: [...ground, 'commands'],
  'git-prov': ['context', 'cli'],
  hook: ['context', 'hooks'],
}

const nameOf = (path: string) => relative(src, path).replace(/\.ts$/, '')
const room = (name: string) => name.split('/')[0] as string
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
  .map((name) => join(src, name))
const texts = new Map(files.map((file) => [nameOf(file), readFileSync(file, 'utf8')]))

/** Each file with all that it imports of ours, types and lazy imports included. */
const imports = new Map(
  [...texts].map(([name, text]) => {
    const found = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)]
    return [name, found.map(([, path]) => nameOf(resolve(src, dirname(name), path as string)))]
  }),
)

it('the house has only the arrows of its drawing', () => {
  const wrong = [...imports].flatMap(([name, targets]) =>
    targets
      .filter((target) => ![room(name), 'generated', ...(allowed[room(name)] ?? [])].includes(room(target)))
      .map((target) => `${name} -> ${target}`),
  )
  expect(wrong).toEqual([])
})

it('the drawing has no arrow up, and none that is not there', () => {
  const rooms = Object.keys(allowed)
  const up = rooms.flatMap((name, at) =>
    (allowed[name] ?? []).filter((to) => rooms.indexOf(to) >= at).map((to) => `${name} -> ${to}`),
  )
  expect(up).toEqual([])
  const there = new Set(
    [...imports].flatMap(([name, targets]) => targets.map((target) => `${room(name)} -> ${room(target)}`)),
  )
  const beyond = rooms.flatMap((name) =>
    (allowed[name] ?? []).filter((to) => !floor.includes(to)).map((to) => `${name} -> ${to}`),
  )
  expect(beyond.filter((arrow) => !there.has(arrow))).toEqual([])
})

/** Files that lead back to themselves, by Tarjan's strongly connected components. */
function circles(): string[][] {
  const found: string[][] = []
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const visit = (name: string) => {
    index.set(name, index.size)
    low.set(name, index.get(name) as number)
    stack.push(name)
    for (const next of imports.get(name) ?? []) {
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(name, Math.min(low.get(name) as number, low.get(next) as number))
    }
    if (low.get(name) !== index.get(name)) return
    const circle = stack.splice(stack.indexOf(name))
    if (circle.length > 1) found.push(circle.sort())
  }
  for (const name of imports.keys()) if (!index.has(name)) visit(name)
  return found
}

it('no file leads back to itself, types and lazy imports included', () => {
  expect(circles()).toEqual([])
})

it('no command imports another: one with verbs hands over to them, and they know nothing of it', () => {
  const between = [...imports].flatMap(([name, targets]) =>
    targets
      .filter((target) => room(name) === 'commands' && room(target) === 'commands')
      .filter((target) => !target.startsWith(`${name}/`))
      .map((target) => `${name} -> ${target}`),
  )
  expect(between).toEqual([])
})

it('what is pure reaches neither disk, nor git, nor the ledger', () => {
  const pure = /^(base|records|expression|privacy)\/|^decisions\/model\/|^exchange\/[\w-]+\/format$/
  const outside = /^(git|ledger|collect|recording|context)(\/|$)/
  const wrong = [...texts].flatMap(([name, text]) => {
    if (!pure.test(name) || name === 'base/files') return []
    const disk = text.includes("'node:fs") ? ['node:fs'] : []
    return [...disk, ...(imports.get(name) ?? []).filter((target) => outside.test(target))].map(
      (target) => `${name} -> ${target}`,
    )
  })
  expect(wrong).toEqual([])
})

it('the table of commands is in one bundle, and nobody waits for it who has been found in it', async () => {
  const { metafile } = await build({
    ...bundling,
    plugins: [split],
    entryPoints: { 'git-prov': 'src/git-prov.ts', 'hook-main': 'src/hook.ts', ...splitEntries },
    outdir: 'nowhere',
    write: false,
    metafile: true,
  })
  const withTable = Object.entries(metafile.outputs).filter(([, { inputs }]) =>
    Object.keys(inputs).some((path) => path.startsWith('src/cli/table')),
  )
  expect(withTable.map(([path]) => path)).toEqual(['nowhere/git-prov.cjs'])
})

it('git is run in one room only, and nothing ends the process', () => {
  const starters = [...texts].filter(([, text]) => text.includes("'node:child_process'")).map(([name]) => name)
  expect(starters.sort()).toEqual([
    'capture/background',
    'collect/environment/accelerators',
    'demo/stage',
    'execute/accelerator-watch',
    'execute/execute',
    'execute/file-trace',
    'execute/ssh-signature',
    'execute/tool',
    'git/objects/objects',
    'git/run',
    'terminal/output',
  ])
  expect([...texts].filter(([, text]) => /process\.exit\(/.test(text))).toEqual([])
})

it('only what shows a record knows how text is rendered', () => {
  const shows =
    /^records\/([a-z-]+\/(show|head|log|text)|show|show-record|kind-show|as-stored|log|log-rows|environment-text)$/
  const rendering = [...imports].filter(
    ([name, to]) => room(name) === 'records' && to.some((one) => room(one) === 'render'),
  )
  expect(rendering.map(([name]) => name).filter((name) => !shows.test(name))).toEqual([])
})

it('every kind has a folder with its note line and how it is shown', () => {
  const kinds = [...(texts.get('records/index') as string).matchAll(/'\.\/([\w-]+)\/note\.ts'/g)].map(
    ([, kind]) => kind,
  )
  expect(kinds.length).toBeGreaterThan(15)
  expect(kinds.filter((kind) => !texts.has(`records/${kind}/note`) || !texts.has(`records/${kind}/show`))).toEqual([])
})

/** What a text imports by name, as `file name`. */
function importedNames(file: string, text: string): string[] {
  return [...text.matchAll(/import (?:type )?\{([^}]*)\} from '(\.[^']+)'/g)].flatMap(([, names = '', path = '']) =>
    names.split(',').map((name) => {
      const [word = ''] = name
        .trim()
        .replace(/^type /, '')
        .split(' as ')
      return `${nameOf(resolve(src, dirname(file), path))} ${word}`
    }),
  )
}

it('nothing but the door appends, so that nobody can forget to redact', () => {
  const closed = [
    ...['append', 'appendSigned', 'foldSpool'].map((name) => `ledger/append/fold ${name}`),
    ...['writeSpool', 'toItem'].map((name) => `ledger/append/spool ${name}`),
    'ledger/append/branch-commit makeBranchCommits',
    'ledger/read/published addPublished',
    'ledger/removal/redact-files redactFile',
    'ledger/removal/replace-files replaceFiles',
  ]
  const outside = [...texts].filter(([name]) => !['recording', 'ledger'].includes(room(name)))
  const users = outside.map(([name, text]) => [name, importedNames(name, text)] as const)
  expect(
    users.flatMap(([name, used]) => used.filter((one) => closed.includes(one)).map((one) => `${name}: ${one}`)),
  ).toEqual([])
  // Each of them is there under that name, or this would hold nothing.
  for (const one of closed) {
    const [file = '', word] = one.split(' ')
    expect(texts.get(file)).toMatch(new RegExp(`export (async )?function ${word}\\b`))
  }
  const files = closed.map((one) => one.split(' ')[0] as string)
  const whole = outside.filter(([name, text]) =>
    [...text.matchAll(/(?:\* as \w+ from|import\()\s*'(\.[^']+)'/g)].some(([, path]) =>
      files.includes(nameOf(resolve(src, dirname(name), path as string))),
    ),
  )
  expect(whole.map(([name]) => name)).toEqual([])
})

it('what is gathered rather than said is made clean as it is gathered, by these alone', () => {
  // Everything else says what it has to say to recording/record, which redacts it.
  const gathering = [...imports].filter(
    ([name, to]) =>
      room(name) !== 'recording' && to.some((one) => /^recording\/(append-entries|keep-entry)$/.test(one)),
  )
  expect(gathering.map(([name]) => name).sort()).toEqual([
    'capture/record-captures',
    'exchange/import-runs',
    'run/close-abandoned',
    'run/keep-plan',
    'run/record-run',
  ])
})

/** Names of rooms in a sentence; `the ground` and `the floor` stand for those ARCHITECTURE.md calls so. */
function roomsIn(words: string): string[] {
  if (words === 'nothing') return []
  const [, but] = words.match(/^every room but (.*)$/) ?? []
  const named = (but ?? words).split(/,| and /).map((word) => word.trim())
  if (but) return Object.keys(allowed).filter((name) => !['git-prov', 'hook', 'commands', ...named].includes(name))
  return named.flatMap((word) => (word === 'the floor' ? floor : word === 'the ground' ? ground : [word]))
}

it('what a room may import is told in its first file and in ARCHITECTURE.md as it is held here', () => {
  const told = (room: string) => [
    ['README.md', readFileSync(join(src, room, 'README.md'), 'utf8').match(/^- May import: ([\s\S]*?)\.$/m)?.[1]],
    ['ARCHITECTURE.md', table.match(new RegExp(`^\\| ${room} +\\|.*\\| (.*?) +\\|$`, 'm'))?.[1]],
  ]
  const table = readFileSync(join(src, '../ARCHITECTURE.md'), 'utf8')
  const known = Object.keys(allowed).filter((room) => [...texts.keys()].some((name) => name.startsWith(`${room}/`)))
  const held = (room: string) => [...new Set(allowed[room])].sort()
  const wrong = known.flatMap((room) =>
    told(room)
      .filter(([, words = 'not told']) => [...new Set(roomsIn(words))].sort().join() !== held(room).join())
      .map(([file, words]) => `${room} in ${file}: ${words}, but held to ${held(room).join(', ')}`),
  )
  expect(wrong).toEqual([])
})

it('ARCHITECTURE.md draws no arrow that points up', () => {
  const [, drawing = ''] = readFileSync(join(src, '../ARCHITECTURE.md'), 'utf8').match(/```\n([\s\S]*?)```/) ?? []
  const lines = drawing.split('\n').map((line) => new Set((line.split('│')[0] as string).match(/[\w-]+/g)))
  const place = (name: string) => lines.findIndex((names) => names.has(name))
  const up = Object.entries(allowed).flatMap(([from, targets]) =>
    targets.filter((to) => place(from) < 0 || place(to) <= place(from)).map((to) => `${from} -> ${to}`),
  )
  expect(up).toEqual([])
})
