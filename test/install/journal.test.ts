import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { setConfig, unsetConfig } from '../../src/install/git-config.ts'
import { Journal } from '../../src/install/journal.ts'
import { repositoryOf } from '../support/ledger.ts'
import { gitRepository, temporaryFolder } from '../support/repository.ts'

describe('changes to files', () => {
  let top: string
  let file: string
  const journal = () => new Journal(join(top, 'local'))
  beforeEach(() => {
    top = temporaryFolder()
    file = join(top, 'x')
  })

  it('are undone byte for byte and mode for mode', () => {
    const bytes = Buffer.from([0, 255, 13, 10])
    writeFileSync(file, bytes)
    chmodSync(file, 0o640)
    expect(journal().write(file, 'ours', 0o755)).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o755)
    expect(journal().restore(file)).toBe(true)
    expect(readFileSync(file)).toEqual(bytes)
    expect(statSync(file).mode & 0o777).toBe(0o640)
  })

  it('are undone to the content before the first of many changes', () => {
    writeFileSync(file, 'theirs')
    for (const text of ['one', 'two', 'three']) journal().write(file, text)
    journal().restore(file)
    expect(readFileSync(file, 'utf8')).toBe('theirs')
  })

  it('a new file is removed, with its folder if nothing else is in it', () => {
    journal().write(join(top, 'alone/x'), 'ours')
    journal().write(join(top, 'shared/x'), 'ours')
    writeFileSync(join(top, 'shared/theirs'), '')
    for (const name of ['alone', 'shared']) expect(journal().restore(join(top, name, 'x'))).toBe(true)
    expect([existsSync(join(top, 'alone')), existsSync(join(top, 'shared/theirs'))]).toEqual([false, true])
  })

  it('are not undone where somebody changed the file since', () => {
    journal().write(file, 'ours')
    writeFileSync(file, 'ours and theirs')
    expect(journal().restore(file)).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe('ours and theirs')
  })

  it('a file that is already right is not written', () => {
    writeFileSync(file, 'ours')
    expect(journal().write(file, 'ours')).toBe(false)
    expect(existsSync(join(top, 'local'))).toBe(false)
  })

  it('are known after the repository was moved', () => {
    journal().write(file, 'ours')
    const moved = `${top}-moved`
    renameSync(top, moved)
    expect(new Journal(join(moved, 'local')).restore(join(moved, 'x'))).toBe(true)
    expect(existsSync(join(moved, 'x'))).toBe(false)
    rmSync(moved, { recursive: true })
  })

  it('a journal that cannot be read counts as empty', () => {
    mkdirSync(join(top, 'local'))
    writeFileSync(join(top, 'local/installed.json'), '{')
    writeFileSync(file, 'x')
    expect(journal().restore(file)).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe('x')
  })

  it('a file that cannot be written is reported', () => {
    writeFileSync(file, 'x')
    expect(() => journal().write(join(file, 'below'), 'ours')).toThrow(`cannot write ${join(file, 'below')}`)
  })
})

describe('the configuration of a clone', () => {
  const keys = [
    ['prov.since', '1'],
    ['remote.origin.fetch', '+refs/heads/prov:refs/remotes/origin/prov', 'many'],
    ['remote.origin.provUrl', '/hub'],
  ] as const
  const fresh = () => {
    const test = gitRepository()
    test.git('remote', 'add', 'origin', '/hub')
    const repository = repositoryOf(test)
    const config = () => readFileSync(join(test.path, '.git/config'), 'utf8')
    return { test, repository, config, journal: () => new Journal(join(repository.commonDir, 'prov')) }
  }

  it('gets keys once, and its bytes are restored', () => {
    const { repository, config, journal } = fresh()
    const before = config()
    expect(setConfig(repository, journal(), keys)).toBe(true)
    expect(setConfig(repository, journal(), keys)).toBe(false)
    unsetConfig(repository, journal())
    expect(config()).toBe(before)
  })

  it('changed by somebody since, loses our keys and nothing else', () => {
    const { test, repository, journal } = fresh()
    const before = test.git('config', '--local', '--list')
    setConfig(repository, journal(), keys)
    test.git('config', 'user.name', 'Lee')
    unsetConfig(repository, journal())
    expect(test.git('config', '--local', '--list')).toBe(`${before}\nuser.name=Lee`)
  })

  it('that cannot be written is reported', () => {
    const { test, repository, journal } = fresh()
    writeFileSync(join(test.path, '.git/config.lock'), '')
    expect(() => setConfig(repository, journal(), keys)).toThrow(
      'the git configuration of this clone cannot be written',
    )
  })
})
