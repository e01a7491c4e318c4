import { spawnSync } from 'node:child_process'
import { statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pack } from '../../src/replay/bundle/pack.ts'
import { unpack } from '../../src/replay/bundle/unpack.ts'
import { temporaryFolder } from '../support/repository.ts'

const size = 9 * 1024 ** 3
const folder = temporaryFolder()
const { bavail, bsize } = statfsSync(folder)

// Twelve octal digits, less one, end at 8 GiB.
it.skipIf(bavail * bsize < 2 * size)('a file of 9 GiB is packed, read by tar(1), and unpacked', async () => {
  const [large, archive] = [join(folder, 'large'), join(folder, 'x.tar.gz')]
  writeFileSync(large, '')
  truncateSync(large, size)
  await pack([{ name: 'x/large', from: large }], archive)
  expect(spawnSync('tar', ['-tvzf', archive], { encoding: 'utf8' }).stdout).toMatch(
    new RegExp(` ${size} .* x/large\n$`),
  )
  const unpacked = temporaryFolder()
  await unpack(archive, unpacked)
  expect(statSync(join(unpacked, 'large')).size).toBe(size)
})
