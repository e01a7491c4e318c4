import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CleanTexts } from '../../src/collect/clean-texts.ts'
import { makeRedactor } from '../../src/privacy/redact.ts'
import { skippingRedactor } from '../../src/privacy/redact-values.ts'
import { temporaryFolder } from '../support/repository.ts'

const key = Buffer.alloc(32, 7)

/** A redactor as a capture has it, and how often it looked. */
function capture(cache: string, words: string[] = []) {
  let looks = 0
  const redactor = makeRedactor({ words: { words }, key })
  const counting = {
    ...redactor,
    redact: (text: string, where: string) => {
      looks += 1
      return redactor.redact(text, where)
    },
  }
  const clean = new CleanTexts(cache, redactor.id)
  return { redactor: skippingRedactor(counting, clean), clean, looks: () => looks }
}

it('a text that held nothing is not looked through again, by the next capture either', () => {
  const cache = temporaryFolder()
  const first = capture(cache)
  first.redactor.redact('data/heron', 'here')
  first.redactor.redact('data/heron', 'here')
  first.clean.keep()
  expect(first.looks()).toBe(1)
  const second = capture(cache)
  expect(second.redactor.redact('data/heron', 'here')).toEqual({ text: 'data/heron', found: [] })
  expect(second.looks()).toBe(0)
})

it('is looked through again when the policy names another word', () => {
  const cache = temporaryFolder()
  const first = capture(cache)
  first.redactor.redact('data/heron', 'here')
  first.clean.keep()
  expect(capture(cache, ['heron']).redactor.redact('data/heron', 'here').text).toMatch(/^data\/<private:[0-9a-f]{8}>$/)
})

it('what held something is found each time and never kept', () => {
  const cache = temporaryFolder()
  const first = capture(cache, ['heron'])
  first.redactor.redact('data/heron', 'here')
  first.redactor.redact('data/train', 'here')
  first.redactor.redactValue('api_key', 'hunter-2-hunter', 'here')
  first.clean.keep()
  const kept = readFileSync(join(cache, 'clean-texts.json'), 'utf8')
  expect(kept).toContain('data/train')
  expect(kept).not.toMatch(/heron|hunter/)
  expect(capture(cache, ['heron']).redactor.redact('data/heron', 'here').found).toHaveLength(1)
})

it('the same text under the name of a secret is another thing', () => {
  const { redactor } = capture(temporaryFolder())
  redactor.redact('correct-horse', 'here')
  redactor.redactValue('note', 'correct-horse', 'here')
  expect(redactor.redactValue('password', 'correct-horse', 'here').text).toMatch(/^<secret:/)
})

it('does not grow without end', () => {
  const cache = temporaryFolder()
  for (let round = 0; round < 3; round++) {
    const { redactor, clean } = capture(cache)
    for (let i = 0; i < 300; i++) redactor.redact(`file ${round} ${i}`, 'here')
    clean.keep()
  }
  const { texts } = JSON.parse(readFileSync(join(cache, 'clean-texts.json'), 'utf8'))
  expect(texts.length).toBeLessThanOrEqual(500)
})
