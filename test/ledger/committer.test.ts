import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readIdent } from '../../src/git/ident.ts'
import { locateRepository, type Repository } from '../../src/git/repository.ts'
import { committerIdent } from '../../src/ledger/append/committer.ts'
import { gitRepository, type TestRepository } from '../support/repository.ts'

/** Nobody but the configuration says who commits. */
function unnamed(test: TestRepository): Repository {
  const { GIT_COMMITTER_NAME, GIT_COMMITTER_EMAIL, ...env } = test.env
  return locateRepository(test.path, env)
}

const person = (ident: string) => ident.replace(/ \d+ ([+-]\d{4})$/, ' $1')

it.each([
  ['a name and an address', { 'user.name': 'Mei Chen', 'user.email': 'mei@example.org' }],
  ['a committer beside the user', { 'user.name': 'Mei', 'committer.name': 'R. Okafor', 'user.email': 'm@example.org' }],
  ['letters beyond ASCII', { 'user.name': 'Zoë Łuk 陈', 'user.email': 'zoe@example.org' }],
  ['what git takes out', { 'user.name': ' "Mei" <Chen>. ', 'user.email': '<mei@example.org>' }],
  ['a file included', { 'user.name': 'Mei', 'user.email': 'mei@example.org', 'include.path': '../more' }],
])('says who commits as git does: %s', (_, config) => {
  const test = gitRepository()
  writeFileSync(join(test.path, 'more'), '[user]\n\tname = Somebody else\n')
  for (const [key, value] of Object.entries(config)) test.git('config', key, value)
  const repository = unnamed(test)
  for (const zone of ['UTC', 'Asia/Kathmandu', 'America/St_Johns']) {
    process.env.TZ = zone
    const there = { ...repository, env: { ...repository.env, TZ: zone } }
    expect(person(committerIdent(there))).toBe(person(readIdent(there)))
  }
})

it('goes with the variables, and with a change of the configuration', () => {
  const test = gitRepository()
  const repository = unnamed(test)
  test.git('config', 'user.name', 'One')
  test.git('config', 'user.email', 'one@example.org')
  expect(committerIdent(repository)).toMatch(/^One <one@/)
  const env = { ...repository.env, GIT_COMMITTER_NAME: 'Two', GIT_COMMITTER_EMAIL: 'two@example.org' }
  expect(committerIdent({ ...repository, env })).toMatch(/^Two <two@example.org> \d+ [+-]\d{4}$/)
  for (const name of ['', '"Two"', 'T <wo>']) {
    const there = { ...repository, env: { ...env, GIT_COMMITTER_NAME: name } }
    expect(person(committerIdent(there))).toBe(person(readIdent(there)))
  }
  test.git('config', 'user.name', 'Three')
  expect(committerIdent(repository)).toMatch(/^Three </)
  test.git('config', 'include.path', '../more')
  for (const name of ['Four', 'Five']) {
    writeFileSync(join(test.path, 'more'), `[user]\n\tname = ${name}\n`)
    expect(committerIdent(repository).split(' ')[0]).toBe(name)
  }
})
