import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { streamBlobs } from '../../src/git/objects/blob-stream.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { gitRepository } from '../support/repository.ts'

const test = gitRepository()
const repository = locateRepository(test.path, test.env)
const write = (text: string) => test.run('git', ['hash-object', '-w', '--stdin'], { input: text }).stdout.trim()

async function read(batches: Iterable<{ oid: string }[]>, most = 1000): Promise<(string | undefined)[]> {
  const bodies: (string | undefined)[] = []
  for await (const batch of streamBlobs(repository, batches, most))
    bodies.push(...batch.map(({ body }) => body?.toString()))
  return bodies
}

it('reads in the order asked, more than are asked for at once, and says of each that is not here or no blob', async () => {
  const oids = Array.from({ length: 40 }, (_, n) => write(`${n}\n`.repeat(n)))
  const many = Array.from({ length: 12_000 }, (_, n) => ({ oid: oids[n % 40] as string }))
  const tree = test.git('write-tree')
  const bodies = await read([many.slice(0, 5000), [], many.slice(5000), [{ oid: 'f'.repeat(40) }, { oid: tree }]])
  expect(bodies).toHaveLength(12_002)
  expect(bodies.slice(0, 12_000).every((body, n) => body === `${n % 40}\n`.repeat(n % 40))).toBe(true)
  expect(bodies.slice(12_000)).toEqual([undefined, undefined])
})

it('leaves out each that is too long, and goes on with those behind it', async () => {
  const [small, long, other] = [write('small'), write('x'.repeat(2_000_000)), write('other')]
  const asked = [small, long, other, long, long, small].map((oid) => ({ oid }))
  expect(await read([asked, asked])).toEqual(
    [...'ab'].flatMap(() => ['small', undefined, 'other', undefined, undefined, 'small']),
  )
})

it('fails as what it is fed from fails, and when git does', async () => {
  const oid = write('here')
  function* failing() {
    yield [{ oid }]
    throw new Error('no more')
  }
  await expect(read(failing())).rejects.toThrow('no more')
  const gone = { ...repository, cwd: join(test.path, 'gone') }
  rmSync(gone.cwd, { recursive: true, force: true })
  const stream = streamBlobs(gone, [[{ oid }]], 10)
  await expect(stream.next()).rejects.toMatchObject({ code: 'git' })
})

it('can be left in the middle', async () => {
  const oid = write('here')
  const many = Array.from({ length: 20_000 }, () => ({ oid }))
  for await (const batch of streamBlobs(repository, [many, many], 10)) {
    expect(batch.length).toBeGreaterThan(0)
    break
  }
})
