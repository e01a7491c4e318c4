import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exclusions } from '../build/messages/exclusions.js'
import { listMessages } from '../build/messages/list.js'
import { literalsOf } from '../build/messages/literals.js'
import { findMessages } from '../build/messages/search.js'
import { shellTextsOf } from '../build/messages/shell.js'
import { readSources } from '../build/messages/sources.js'
import { gitRepository, provRepository } from './support/repository.ts'

interface Message {
  text: string
  places: { file: string; line: number }[]
}

const root = resolve(import.meta.dirname, '..')
const all: { file: string; line: number; text: string; isError: boolean }[] = readSources(root, { withSchemas: true })
const messages: Message[] = listMessages(root)
const found = (words: string): Message[] => findMessages(messages, words)
const placesOf = (words: string) => found(words).flatMap(({ places }) => places.map(({ file }) => file))
const textsOf = (words: string) => found(words).map(({ text }) => text)

describe('the list', () => {
  it.each([
    ['an error', "there is no run '<name>' here"],
    ['a hint', 'git fetch <remote> prov'],
    ['the summary of a command', 'list runs: what differs between them, filtered and sorted'],
    ['a flag', 'run it without asking'],
    ['a detail of help', 'Every word must occur, in upper or lower case. The newest lesson comes first.'],
    ['a usage line', 'runs [--where <expression>] [--stage <stage>] [--sort [-]<field>,...] [-n <number>]'],
    ['a line after a command', 'prov: guard installed; it enforces policy.guard of prov.yaml as on the default branch'],
    ['a reason in a record', 'its blob is not in this clone'],
    ['a finding of verify', 'its note lacks <missing> of <length> lines'],
    ['why there is a rule', 'each criterion says which way is good, and how far'],
    ['progress', 'asking <remote>'],
    ['a question', 'What gets better, for whom, by how much?'],
    ['the comment on a pull request', 'Data, environment and parameters did not change.'],
    ['a hook script', 'git-lfs is not on PATH and this repository uses it'],
    ['a script in a literal', 'prov: refused: the guard of this server cannot run (git prov guard install)'],
    ['the file init writes', '# Where results are written.'],
    [
      'the README of the branch',
      'not meant to be merged into it. Files here are added and never changed; one goes only when an archive or',
    ],
    ['a step of CI', 'Fetch the base and the provenance'],
    ['a script of CI', 'prov: no token or no pull request: the comment is not posted'],
    ['the manual page', 'No line after a commit.'],
  ])('has %s', (_, text) => {
    expect(messages.filter((message) => message.text.startsWith(text))).not.toEqual([])
  })

  it('has each text once, with all of its places, by file and line', () => {
    const texts = messages.map(({ text }) => text)
    expect(new Set(texts).size).toBe(texts.length)
    const files = messages.map(({ places }) => places[0]?.file as string)
    expect(files).toEqual([...files].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
  })

  it('leaves out what is for git and for programs, and has no exclusion that leaves out nothing', () => {
    const idle = exclusions.filter(
      ({ file, text }) => !all.some((one) => (file?.test(one.file) ?? true) && text.test(one.text)),
    )
    expect(idle.map(({ reason }) => reason)).toEqual([])
    expect(messages.filter(({ text }) => /^SELECT |^--max-count|^commit refs/.test(text))).toEqual([])
  })

  it('has the descriptions of schemas only when they are asked for', () => {
    const isOfSchema = ({ file }: { file: string }) => file.startsWith('schemas/')
    expect(messages.filter(({ places }) => places.some(isOfSchema))).toEqual([])
    expect(all.filter(isOfSchema).length).toBeGreaterThan(300)
  })
})

describe('what is read of a source', () => {
  const texts = (source: string) => literalsOf('x.ts', source).map(({ text }) => text)

  it('is what stands where people read it, a single word too', () => {
    expect(texts("throw new ProvError(a ? 'two words' : 'usage', b ? 'stopped' : 'none', { hint: 'wait' })")).toEqual([
      'stopped',
      'none',
      'wait',
    ])
    expect(texts("context.stdout.write('done\\n'); write('done')")).toEqual(['done'])
  })

  it('is neither a type, a key, a file, a comparison nor an argument of git', () => {
    const source = `
      import 'two words'
      type A = 'a type'
      const b = { 'a key': 1, c: d === 'a comparison' }
      if (e.includes('a search')) runGit(f, ['log', '--format=a b'])
      switch (g) { case 'a case': }
      const h = /a pattern/
    `
    expect(texts(source)).toEqual([])
  })

  it('shows an expression by its own name', () => {
    const source = `
      s(\`\${plural(runs.length, 'run')} of \${escapeLine(path)}, \${id.slice(0, 6)}: \${a?.b ?? 'a longer expression'}\`)`
    expect(texts(source)).toEqual(['<length> run(s) of <path>, <id>: <…>', 'a longer expression'])
  })

  it('is by lines, each with its own place', () => {
    const source = `s(\`first line\n\nthird line of \${many} words\`)\n`
    expect(literalsOf('x.ts', source).map(({ at, text }) => [source.slice(0, at).split('\n').length, text])).toEqual([
      [1, 'first line'],
      [3, 'third line of <many> words'],
    ])
  })

  it('is of a shell script what it prints', () => {
    const script = `# a comment\nif [ -x "$a b" ]; then echo 'gone for good' "$one more" >&2; fi\nprintf 'two words\\n' | cat 'a file'`
    expect(shellTextsOf(script).map(({ text }) => text)).toEqual(['gone for good', '<one> more', 'two words'])
  })
})

describe('the search', () => {
  it('finds a template by what it became', () => {
    expect(textsOf('error: run 7c1f9e has not finished')).toContain('run <word> has not finished')
    expect(textsOf("there is no run 'abc' here")).toContain("there is no run '<name>' here")
    expect(textsOf('prov: 3 records received')).toContain('prov: <came> record(s) received')
  })

  it('finds it by a part, in any case and over line breaks', () => {
    expect(textsOf('HAS NOT\n   finished')).toContain('run <word> has not finished')
    expect(textsOf('records made before a date into archive files')[0]).toMatch(/^Folds records made before a date/)
  })

  it('finds several messages in one line, before looser ones', () => {
    expect(textsOf('prov: run not recorded: the ledger is busy; git prov doctor').slice(0, 2)).toEqual([
      'the ledger is busy',
      'prov: run not recorded: <error>; <hint>',
    ])
  })

  it('finds nothing for words of nobody', () => {
    expect(textsOf('colourless green ideas sleep')).toEqual([])
    expect(textsOf(' ')).toEqual([])
  })
})

describe('what commands print when something is wrong is found', () => {
  const bare = gitRepository()
  const repository = provRepository()
  /** Whether a line is a message and nothing else, whatever stands for its placeholders. */
  const isWhole = (text: string, line: string) =>
    new RegExp(
      `^(error: |hint: +|prov: )?${text
        .split(/<[^<>]*>/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    ).test(line)

  const inputs = [
    ['nosuch'],
    ['log', '--changed'],
    ['show', 'no-such-commit'],
    ['compare', 'a'],
    ['runs', '--where', 'metrics.f1 >'],
    ['replay', 'abcdef', '--env', 'other'],
    ['decision', 'show', 'no-such-decision'],
    ['waive', 'no-such-rule', 'here', '--why', 'x', '--until', '2099-01-01'],
    ['export'],
    ['archive', '--before', 'never'],
    ['restrict', 'HEAD', '--to', 'nobody', 'a=b'],
    ['trace', 'no/such/file'],
  ]
  it.each(inputs.map((words) => [words.join(' '), words] as const))('git prov %s', (_, words) => {
    const { status, stderr } = repository.prov(...words)
    expect(status).toBe(2)
    const lines = stderr.split('\n').filter((line) => /^\w+: /.test(line))
    expect(lines.length).toBe(2)
    for (const line of lines)
      expect(
        textsOf(line).filter((text) => isWhole(text, line)),
        line,
      ).not.toEqual([])
  })

  it.each(['status', 'verify'])('git prov %s before init', (word) => {
    const { stdout, stderr } = bare.prov(word)
    for (const line of `${stdout}${stderr}`.trim().split('\n')) expect(placesOf(line), line).not.toEqual([])
  })
})

describe('the voice', () => {
  const texts = messages.map(({ text }) => text)
  const matching = (pattern: RegExp, among = texts) => among.filter((text) => pattern.test(text))

  it('neither shouts nor begs nor praises itself, and draws no faces', () => {
    expect(matching(/[\p{L}>]!(\s|$)/u)).toEqual([])
    expect(matching(/\b(successfully|please|oops|sorry|unfortunately)\b/i)).toEqual([])
    expect(matching(/\p{Emoji_Presentation}/u)).toEqual([])
  })

  it('begins errors in lower case and ends them without a full stop', () => {
    const errors = all.filter(({ isError }) => isError).map(({ text }) => text)
    expect(errors.length).toBeGreaterThan(200)
    expect(matching(/^[A-Z][a-z]+ |[^.]\.$/, errors)).toEqual([])
  })

  it.each([
    ['"is not a run", not "is no run"', /(?<!\bthere )\b(is|are) no (?!longer\b)[a-z]/],
    ['"is running"', /\b(is|was|are) at it\b|\bat work here\b/],
    ['"fix" and "problem"', /\b(mend(ed|s)?|ailments?)\b/],
    ['"in the background"', /\bbehind (you|it)\b/],
    ['"no longer exists"', /\bis gone\b|\bthat is away\b/],
    ['"reports" or "shows"', /\b(is|was) told of\b|\btells of\b|\bheard\b/],
    ['"anyway", "again"', /\ball the same\b|\banew\b/],
    ['"whoever", "the signer"', /\bwho is next\b|\bwhat is no\b|\bnothing of it\b|\bnobody who\b|\bcomes of\b/],
    ['"arguments"', /\btakes no words\b|\btype it\b/],
  ])('says %s', (_, riddle) => {
    expect(matching(riddle)).toEqual([])
  })
})

it('the command prints places, and exits 1 when there is none', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['build/messages.js', ...args], { cwd: root, encoding: 'utf8' })
  expect(run('completion takes', 'a shell').stdout).toMatch(
    /^src\/.*:\d+: completion takes a shell: bash, zsh or fish\n$/,
  )
  const { status, stdout } = run('--json', 'zebras gallop sideways')
  expect([status, stdout]).toEqual([1, '[]\n'])
})
