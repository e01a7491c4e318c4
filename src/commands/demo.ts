import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { cleanEnvironment } from '../git/environment.ts'
import { painter } from '../render/colour.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov demo [<folder>]`: a small repository with real data, made before the user's eyes. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { words } = parseWords(spec, argv)
  if (words.length > 1) throw new ProvError('usage', 'demo takes one folder', { hint: 'git prov demo /tmp/penguins' })
  const folder = words[0] === undefined ? mkdtempSync(join(tmpdir(), 'penguins-')) : resolve(context.cwd, words[0])
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new ProvError('usage', `${folder} is not empty`, { hint: 'give the demo a new folder' })
  mkdirSync(folder, { recursive: true })
  const stage = new Stage(context, folder)
  await play(stage)
  context.stdout.write(
    `\nIt is a real repository: ${folder}\nTry there: git prov show, git prov diff HEAD~3 HEAD, git prov log --oneline, git prov verify\n`,
  )
  return 0
}

/** What each scene changes, and what the person says in the commit. */
async function play(stage: Stage): Promise<void> {
  stage.tell('A small project: 344 real penguins, and a classifier that tells their species apart.')
  stage.copy('train.mjs', 'train.mjs')
  stage.season(2007)
  stage.season(2008)
  stage.write('params.json', `${JSON.stringify({ epochs: 150, learning_rate: 0.5, seed: 7 }, null, 2)}\n`)
  stage.write('.gitignore', 'node_modules/\nmodel.json\n')
  stage.write('package.json', `${JSON.stringify({ name: 'penguins', private: true, type: 'module' }, null, 2)}\n`)
  stage.run('git', ['init', '--quiet', '--initial-branch=main'])
  stage.install('1.0.0')
  stage.prov(['init', '--dataset', 'penguins=data'])
  stage.commit('Baseline: seasons 2007 and 2008')
  stage.tell('The third season arrives.')
  stage.season(2009)
  stage.commit('Add the season of 2009')
  stage.tell('Two penguins have no measurements; their rows go.')
  stage.clean()
  stage.commit('Drop rows without measurements')
  stage.tell('Longer training.')
  stage.write('params.json', `${JSON.stringify({ epochs: 600, learning_rate: 0.5, seed: 7 }, null, 2)}\n`)
  stage.commit('Train four times as long')
  stage.tell('A new version of the features package standardises its input.')
  stage.install('1.1.0')
  stage.commit('Use penguin-features 1.1.0')
  stage.tell('Nobody wrote down any of this. It is all there:')
  stage.prov(['log'])
}

/** Does things in the demo's folder, showing what a person would have typed. */
class Stage {
  readonly #context: Context
  readonly #folder: string
  readonly #assets: string
  readonly #entry: string
  readonly #env: Record<string, string>
  readonly #dim: (text: string) => string

  constructor(context: Context, folder: string) {
    this.#context = context
    this.#folder = folder
    this.#entry = realpathSync(context.program)
    this.#assets = join(dirname(this.#entry), '../examples/penguins')
    const person = { NAME: 'Demo', EMAIL: 'demo@example.org' }
    this.#env = { ...cleanEnvironment(context.env), PATH: context.env.PATH ?? '' }
    // The person in the demo, and nothing of the user's own git configuration.
    for (const role of ['AUTHOR', 'COMMITTER'])
      for (const [key, value] of Object.entries(person)) this.#env[`GIT_${role}_${key}`] = value
    for (const name of ['GIT_PROV_IN_HOOK', 'GIT_OPTIONAL_LOCKS']) delete this.#env[name]
    this.#env.GIT_CONFIG_GLOBAL = '/dev/null'
    this.#env.GIT_PAGER = 'cat'
    this.#dim = painter(context.stdout.isTTY === true && !context.env.NO_COLOR).label
  }

  tell(text: string): void {
    this.#context.stdout.write(`\n${this.#dim(`# ${text}`)}\n`)
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.#folder, path)), { recursive: true })
    writeFileSync(join(this.#folder, path), text)
  }

  copy(asset: string, path: string): void {
    this.write(path, readFileSync(join(this.#assets, asset), 'utf8'))
  }

  /** One season's rows of the data as they were published. */
  season(year: number): void {
    const [head, ...rows] = readFileSync(join(this.#assets, 'penguins.csv'), 'utf8').trimEnd().split('\n')
    this.write(`data/${year}.csv`, `${[head, ...rows.filter((row) => row.endsWith(`,${year}`))].join('\n')}\n`)
  }

  clean(): void {
    for (const name of readdirSync(join(this.#folder, 'data'))) {
      const path = join(this.#folder, 'data', name)
      const whole = readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => !/^\w+,\w+,(NA|),/.test(line))
      writeFileSync(path, whole.join('\n'))
    }
  }

  /** npm installs the package as it would any other; without npm, what npm does is done by hand. */
  install(version: string): void {
    const package_ = join(this.#assets, `packages/penguin-features-${version}`)
    const words = [
      'install',
      '--offline',
      '--no-audit',
      '--no-fund',
      '--install-links',
      '--loglevel=error',
      '--no-package-lock',
      package_,
    ]
    const result = spawnSync('npm', words, { cwd: this.#folder, env: this.#env, encoding: 'utf8' })
    this.#context.stdout.write(`$ npm install penguin-features@${version}\n`)
    if (result.status === 0) {
      this.write(
        'package.json',
        `${JSON.stringify({ name: 'penguins', private: true, type: 'module', dependencies: { 'penguin-features': version } }, null, 2)}\n`,
      )
      return
    }
    cpSync(package_, join(this.#folder, 'node_modules/penguin-features'), { recursive: true })
    const lock = { name: 'penguins', lockfileVersion: 3, packages: { 'node_modules/penguin-features': { version } } }
    this.write('node_modules/.package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
  }

  commit(message: string): void {
    this.run('node', ['train.mjs'], process.execPath)
    this.run('git', ['add', '--all'])
    this.run('git', ['commit', '--quiet', '-m', message])
  }

  prov(words: string[]): void {
    this.run('git prov', words, process.execPath, [this.#entry])
  }

  /** Shows the command and runs it, its output as it comes. Throws when it fails. */
  run(shown: string, words: string[], program = shown, before: string[] = []): void {
    const typed = words.map((word) => (/[^\w./=:-]/.test(word) ? `'${word}'` : word))
    this.#context.stdout.write(`$ ${[shown, ...typed].join(' ')}\n`)
    const result = spawnSync(program, [...before, ...words], {
      cwd: this.#folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    })
    this.#context.stdout.write(result.stdout + result.stderr)
    if (result.status !== 0)
      throw new ProvError('io', `the demo could not go on: ${shown} ${words[0]} failed`, {
        cause: result.stderr || result.error?.message,
        hint: 'git prov doctor',
      })
  }
}
