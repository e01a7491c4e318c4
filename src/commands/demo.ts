import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { playDemo } from '../demo/play.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov demo [<folder>]`: a small repository with real data, built as the user watches. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { words } = parseWords(spec, argv)
  if (words.length > 1) throw new ProvError('usage', 'demo takes one folder', { hint: 'git prov demo /tmp/penguins' })
  const folder = words[0] === undefined ? mkdtempSync(join(tmpdir(), 'penguins-')) : resolve(context.cwd, words[0])
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new ProvError('usage', `${folder} is not empty`, { hint: 'choose a new folder for the demo' })
  mkdirSync(folder, { recursive: true })
  playDemo(context, folder)
  context.stdout.write(
    `\nIt is a real repository: ${folder}\nTry there: git prov show, git prov diff HEAD~3 HEAD, git prov log --oneline, git prov verify\n`,
  )
  return 0
}
