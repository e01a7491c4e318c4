import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Header, pack as packTar } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { type PackedFile, pack } from '../../src/replay/bundle/pack.ts'
import { unpack } from '../../src/replay/bundle/unpack.ts'
import { temporaryFolder } from '../support/repository.ts'

/** Files by their names in the archive; an executable one ends in .sh. */
function written(files: Record<string, string | Buffer>): PackedFile[] {
  const folder = temporaryFolder()
  return Object.entries(files).map(([name, content], n) => {
    const from = join(folder, `${n}`)
    writeFileSync(from, content)
    chmodSync(from, name.endsWith('.sh') ? 0o744 : 0o640)
    return { name, from, digest: digestOf(content) }
  })
}

async function archiveOf(files: readonly PackedFile[]): Promise<string> {
  const target = join(temporaryFolder(), 'x.tar.gz')
  await pack(files, target)
  return target
}

const long = `${'folder/'.repeat(30)}größe.csv`
const some = { 'x/b.txt': 'hello\n', 'x/a/run.sh': '', [`x/${long}`]: Buffer.alloc(3_000_000, 'so so') }

describe('an archive', () => {
  it('gives back what it was made of: long and odd names, empty and executable files', async () => {
    const folder = temporaryFolder()
    await unpack(await archiveOf(written(some)), folder)
    for (const [name, content] of Object.entries(some))
      expect(readFileSync(join(folder, name.slice(2))).equals(Buffer.from(content))).toBe(true)
    expect(statSync(join(folder, 'a/run.sh')).mode & 0o111).toBe(0o111)
    expect(statSync(join(folder, 'b.txt')).mode & 0o111).toBe(0)
  })

  it('is the same bytes for the same files, whoever packs them, whenever, in whatever order', async () => {
    const [one, other] = [written(some), written(some).reverse()]
    expect(readFileSync(await archiveOf(one)).equals(readFileSync(await archiveOf(other)))).toBe(true)
  })

  it('is read by tar(1)', async () => {
    const { stdout } = spawnSync('tar', ['-tzf', await archiveOf(written(some))], { encoding: 'utf8' })
    expect(stdout.split('\n').filter(Boolean).sort()).toHaveLength(3)
  })
})

describe('packing', () => {
  it('proves each file against its digest as it is read', async () => {
    const files = written({ 'x/a': 'as recorded', 'x/b': 'as recorded' })
    writeFileSync(files[1]?.from as string, 'as Recorded')
    await expect(archiveOf(files)).rejects.toMatchObject({ code: 'io', message: 'x/b changed while it was packed' })
  })

  it.each([
    ['a file that is gone', '/nowhere/x', 'ENOENT'],
    ['a folder', '/', 'x/a changed while it was packed'],
    ['a device', '/dev/zero', 'x/a changed while it was packed'],
  ])('refuses %s', async (_, from, message) => {
    await expect(archiveOf([{ name: 'x/a', from }])).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(message),
    })
  })

  it.each([
    ['where nothing can be written', '/nowhere/x.tar.gz', 'ENOENT'],
    ['over a file that is there', '/dev/full', 'EEXIST'],
  ])('says %s', async (_, target, message) => {
    const refused = pack(written(some), target)
    await expect(refused).rejects.toMatchObject({ code: 'io', message: expect.stringContaining(message) })
  })
})

type Entry = Partial<Header> & { name: string; body?: string; entry?: unknown }

/** A .tar.gz of whatever is told, and a folder to unpack it into, alone in its own. */
async function hostile(entries: readonly Entry[], change = (tar: Buffer) => tar): Promise<() => Promise<string[]>> {
  const archive = packTar()
  for (const { body = '', ...header } of entries) archive.entry({ mtime: new Date(0), ...header }, body)
  archive.finalize()
  const file = join(temporaryFolder(), 'x.tar.gz')
  writeFileSync(file, gzipSync(change(await buffer(archive))))
  const folder = join(temporaryFolder(), 'in')
  mkdirSync(folder)
  return async () => {
    await unpack(file, folder)
    expect(readdirSync(dirname(folder))).toEqual(['in'])
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  }
}

const file = (name: string): Entry => ({ name, body: 'x' })
const outside = join(temporaryFolder(), 'outside')

describe('unpacking', () => {
  it('takes regular files, and makes the folders they lie in', async () => {
    const go = await hostile([{ name: 'x/', type: 'directory' }, { name: 'x/e/', type: 'directory' }, file('x/a/b')])
    expect(await go()).toEqual(['a', 'a/b'])
  })

  it.each<[string, Entry[], string]>([
    ['a name that climbs', [file('x/../../up')], 'it holds x/../../up'],
    ['an absolute name', [file(outside)], `it holds ${outside}`],
    ['a name with a backslash', [file('x\\..\\up')], 'it holds x\\..\\up'],
    ['a git folder', [file('x/.GIT/config')], 'it holds x/.GIT/config'],
    ['a folder that climbs', [{ name: '../up/', type: 'directory' }], 'it holds ../up/'],
    ['a file in no folder', [file('bundle.json')], 'it holds bundle.json, which is in no folder'],
    ['a name twice', [file('x/a'), file('x/a')], 'it holds x/a twice'],
    ['a file that is a folder, too', [file('x/a'), file('x/a/b')], 'it holds x/a/b twice'],
    ['a folder that is a file, too', [file('x/a/b'), file('x/a')], 'it holds x/a twice'],
    [
      'a symbolic link',
      [{ name: 'x/l', type: 'symlink', linkname: '/etc' }, file('x/l/a')],
      'x/l, which is not a regular file',
    ],
    ['a hard link', [{ name: 'x/l', type: 'link', linkname: '/etc/passwd' }], 'x/l, which is not a regular file'],
    [
      'a device',
      [{ name: 'x/d', type: 'character-device', devmajor: 1, devminor: 3 }],
      'x/d, which is not a regular file',
    ],
    ['a pipe', [{ name: 'x/p', type: 'fifo' }], 'x/p, which is not a regular file'],
  ])('refuses %s', async (_, entries, message) => {
    const go = await hostile(entries)
    await expect(go()).rejects.toMatchObject({ code: 'record', message: expect.stringContaining(message) })
    expect(existsSync(outside)).toBe(false)
  })

  const two = [file('x/a'), { name: 'x/b', body: 'b'.repeat(2000) }]
  const flipped = (at: number) => (tar: Buffer) => {
    tar[at] = (tar[at] as number) ^ 1
    return tar
  }
  it.each<[string, (tar: Buffer) => Buffer, string]>([
    ['a changed name', flipped(2), 'the checksum of a header in it is wrong'],
    ['a changed size', flipped(1024 + 130), 'the checksum of a header in it is wrong'],
    ['the middle of a file cut off', (tar) => tar.subarray(0, 2000), 'it is cut short'],
    ['whole files cut off', (tar) => tar.subarray(0, 1024), 'it is cut short'],
    ['nothing in it', () => Buffer.alloc(0), 'it is cut short'],
    ['a form before POSIX', (tar) => sum(tar.fill(0, 257, 512)), 'it is a form of tar from before POSIX'],
  ])('refuses an archive with %s', async (_, change, message) => {
    const go = await hostile(two, change)
    await expect(go()).rejects.toMatchObject({ code: 'record', message: expect.stringContaining(message) })
  })

  it('refuses what is not whole as gzip has it', async () => {
    const whole = await archiveOf(written(some))
    const bytes = readFileSync(whole)
    const damaged = Buffer.from(bytes)
    damaged[bytes.length - 6] = (damaged[bytes.length - 6] as number) ^ 1
    for (const [content, message] of [
      [bytes.subarray(0, bytes.length / 2), 'it is cut short'],
      [gunzipSync(bytes), 'it is not compressed by gzip'],
      [damaged, 'incorrect data check'],
    ] as const) {
      writeFileSync(whole, content)
      await expect(unpack(whole, temporaryFolder())).rejects.toMatchObject({
        code: 'record',
        message: expect.stringContaining(message),
      })
    }
  })

  it('refuses more than the disk has room for, before it writes it', async () => {
    const go = await hostile([file('x/a')], (tar) => sized(tar, 2n ** 50n))
    await expect(go()).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('more than there is room'),
    })
  })

  it('reads a size above 8 GiB, in base 256 as GNU tar writes it', async () => {
    const go = await hostile([file('x/a')], (tar) => sized(tar, 9n * 2n ** 30n))
    await expect(go()).rejects.toMatchObject({ code: 'record', message: expect.stringContaining('cut short') })
  })
})

/** The first header with another size. */
function sized(tar: Buffer, size: bigint): Buffer {
  tar.writeBigUInt64BE(1n << 63n, 124)
  tar.writeBigUInt64BE(size, 128)
  tar[124] = 0x80
  return sum(tar)
}

/** The first header with the checksum that it should have. */
function sum(tar: Buffer): Buffer {
  tar.fill(' ', 148, 156)
  const total = tar.subarray(0, 512).reduce((all, byte) => all + byte, 0)
  tar.write(`${total.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return tar
}
