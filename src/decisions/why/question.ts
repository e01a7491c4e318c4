import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import { loadConfig } from '../../config/config-file.ts'
import type { Context } from '../../context.ts'
import { type BlamedLine, blameLine } from '../../git/history/blame.ts'
import { commitsOf } from '../../git/history/history-of-path.ts'
import { resolveCommit } from '../../git/history/resolve-commit.ts'
import { tryGit } from '../../git/run.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { readSettings } from '../../ledger/local/settings.ts'

/** What the question is about: the commits to look at, nearest first, and other names for it. */
export interface Query {
  what: 'line' | 'file' | 'commit' | 'parameter' | 'dataset'
  label: string
  /** The line's own text. */
  text?: string
  commits: string[]
  /** From the top of the work tree. */
  file?: string
  dataset?: string
  parameter?: string
}

const mostCommits = 20

/** Resolves a word to a file first, then a dataset, a commit, a parameter. Throws `unknown-revision`. */
export async function findAsked(context: Context, word: string): Promise<Query> {
  const repository = context.repository()
  const config = await loadConfig(repository, localDir(repository).cache)
  const query =
    fileQuery(context, word) ??
    (config.datasets.some(({ name }) => name === word) ? datasetQuery(context, word) : undefined) ??
    commitQuery(context, word) ??
    parameterQuery(context, word, config.parameters)
  if (query) return query
  throw new ProvError('unknown-revision', `'${word}' is not a file, dataset, commit or parameter here`, {
    hint: 'git prov why <file>[:<line>] | <commit> | <parameter> | <dataset>',
  })
}

function fileQuery(context: Context, word: string): Query | undefined {
  const repository = context.repository()
  const { workTree } = repository
  if (!workTree) return undefined
  const fromTop = (typed: string) => relative(workTree, resolve(context.cwd, typed))
  const [, name = word, line] = word.match(/^(.+):(\d+)$/) ?? []
  const isThere = (typed: string) => !fromTop(typed).startsWith('..') && existsSync(resolve(context.cwd, typed))
  if (line !== undefined && isThere(name)) {
    const file = fromTop(name)
    const blamed = blame(repository, file, Number(line))
    const commits = blamed.commit ? [blamed.commit] : []
    const label = `${file}:${line}${blamed.commit ? '' : '  not committed yet'}`
    return { what: 'line', label, text: blamed.text, commits, file }
  }
  const file = fromTop(word)
  if (file.startsWith('..') || file === '') return undefined
  const commits = commitsOf(repository, file, mostCommits)
  return commits.length > 0 || isThere(word) ? { what: 'file', label: file, commits, file } : undefined
}

function blame(repository: ReturnType<Context['repository']>, file: string, line: number): BlamedLine {
  try {
    return blameLine(repository, file, line)
  } catch (error) {
    const cause = error instanceof ProvError ? String(error.cause ?? '') : ''
    const count = cause.match(/has only (\d+) lines?/)?.[1]
    if (count === undefined) throw error
    throw new ProvError('usage', `${file} has only ${count} lines`, { hint: `git prov why ${file}:${count}` })
  }
}

function commitQuery(context: Context, word: string): Query | undefined {
  const commit = resolveCommit(context.repository(), word)
  return commit ? { what: 'commit', label: `commit ${commit.slice(0, 10)}`, commits: [commit] } : undefined
}

function datasetQuery(context: Context, name: string): Query {
  const repository = context.repository()
  const result = tryGit(repository, [
    'log',
    `--notes=${readSettings(repository).notesRef}`,
    '--format=%H%x00%N%x01',
    'HEAD',
  ])
  return {
    what: 'dataset',
    label: `dataset ${name}`,
    commits: changedIn(result.stdout.toString('utf8'), name),
    dataset: name,
  }
}

/** Commits whose note says that the dataset changed. */
function changedIn(log: string, name: string): string[] {
  const key = `"${name}":`
  return log
    .split('\x01')
    .flatMap((entry) => {
      const [commit = '', note = ''] = entry.trimStart().split('\0')
      const changed = note.includes('"changed":{') && note.slice(note.indexOf('"changed":{')).includes(key)
      return changed && commit ? [commit] : []
    })
    .slice(0, mostCommits)
}

/** A parameter by the last part of its name: commits that changed a line with it in a parameter file. */
function parameterQuery(context: Context, word: string, files: readonly string[]): Query | undefined {
  if (files.length === 0 || !/^[\w.-]{1,128}$/.test(word)) return undefined
  const key = word.split('.').at(-1) as string
  const pattern = `(^|[^A-Za-z0-9_-])${key.replace(/[.]/g, '\\.')}["']? *[:=]`
  const paths = files.map((file) => `:(top,literal)${file}`)
  const args = [
    'log',
    `--max-count=${mostCommits}`,
    '--extended-regexp',
    `-G${pattern}`,
    '--format=%H',
    'HEAD',
    '--',
    ...paths,
  ]
  const result = tryGit(context.repository(), args)
  const commits = result.stdout.toString('utf8').split('\n').filter(Boolean)
  return commits.length > 0 ? { what: 'parameter', label: `parameter ${word}`, commits, parameter: word } : undefined
}
