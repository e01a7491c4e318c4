import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { painter } from '../render/colour.ts'
import { demoEnvironment } from './environment.ts'
import { measuredRows, rowsOf } from './rows.ts'

/** Acts in the demo's folder, showing what a person would have typed. */
export class Stage {
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
    this.#env = demoEnvironment(context)
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

  season(year: number): void {
    this.write(`data/${year}.csv`, rowsOf(year, readFileSync(join(this.#assets, 'penguins.csv'), 'utf8')))
  }

  clean(): void {
    for (const name of readdirSync(join(this.#folder, 'data'))) {
      const path = join(this.#folder, 'data', name)
      writeFileSync(path, measuredRows(readFileSync(path, 'utf8')))
    }
  }

  /** npm installs the package like any other; without npm, its files are written by hand. */
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

  /** Shows the command and runs it, with its output as it arrives. Throws when it fails. */
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
      throw new ProvError('io', `the demo stopped: ${shown} ${words[0]} failed`, {
        cause: result.stderr || result.error?.message,
        hint: 'git prov doctor',
      })
  }
}
