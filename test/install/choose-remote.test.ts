import { expect, it } from 'vitest'
import type { Context } from '../../src/context.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { askRemote } from '../../src/install/choose-remote.ts'
import { gitRepository } from '../support/repository.ts'

const unsaid = { given: undefined, none: false, proposed: undefined }
const own = 'https://example.org/penguins.git'
const proposed = 'ssh://git@example.org/provenance.git'
const asksForOwn = `share provenance with origin (${own})? Y/n`

/** Somebody who says yes to all they are asked, in a clone of `own`; and what they were asked. */
async function agree(choice: Partial<Parameters<typeof askRemote>[2]>, asks = true) {
  const clone = gitRepository()
  clone.git('remote', 'add', 'origin', own)
  const repository = locateRepository(clone.path, clone.env)
  const questions: string[] = []
  const context = { repository: () => repository } as unknown as Context
  const asker = {
    asks,
    agree: async (question: string, otherwise = true) => {
      questions.push(`${question} ${otherwise ? 'Y/n' : 'y/N'}`)
      return true
    },
    text: async () => '',
    close() {},
  }
  return { ...(await askRemote(context, asker, { ...unsaid, ...choice })), questions }
}

it.each([
  ["the clone's own remote is asked for", {}, { take: 'origin', questions: [asksForOwn] }],
  [
    'what prov.yaml proposes is asked for by its address, and an empty line is no',
    { proposed },
    { take: proposed, questions: [`share provenance with ${proposed}, as proposed in prov.yaml? y/N`] },
  ],
  ['an address that runs a command is no proposal', { proposed: 'ext::sh -c id' }, { questions: [asksForOwn] }],
  ['what is given is taken without a question', { given: 'backup', proposed }, { take: 'backup', questions: [] }],
  ['none is none', { none: true, proposed }, { messages: [], questions: [] }],
])('%s', async (_, choice, expected) => {
  expect(await agree(choice)).toMatchObject(expected)
})

it('chooses nothing where nobody can be asked, and says how to', async () => {
  expect(await agree({ proposed }, false)).toEqual({
    messages: [`nothing is sent anywhere yet; to share: git prov init --remote ${proposed}`],
    questions: [],
  })
})
