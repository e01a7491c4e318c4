/** A file in an archive; `path` uses forward slashes. */
export interface TarEntry {
  path: string
  bytes: Buffer
  executable?: boolean
}

const block = 512
// The moment itself says nothing; a fixed one makes the archive the same for the same files.
const mtime = 0

/** Files as a POSIX ustar archive (IEEE Std 1003.1, pax), long names as pax records. */
export function packTar(entries: readonly TarEntry[]): Buffer {
  const chunks = entries.flatMap(({ path, bytes, executable }) => {
    const name = Buffer.from(path, 'utf8')
    const long = name.length > 100
    const pax = long ? [...member('pax', paxRecord('path', name), 'x', 0o644)] : []
    return [...pax, ...member(long ? name.subarray(0, 100) : name, bytes, '0', executable ? 0o755 : 0o644)]
  })
  return Buffer.concat([...chunks, Buffer.alloc(2 * block)])
}

function member(name: string | Buffer, bytes: Buffer, type: string, mode: number): Buffer[] {
  const header = Buffer.alloc(block)
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  Buffer.from(name).copy(header, 0)
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(bytes.length, 124, 12)
  octal(mtime, 136, 12)
  header.write('        ', 148, 'latin1')
  header.write(type, 156, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return [header, bytes, Buffer.alloc((block - (bytes.length % block)) % block)]
}

function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')])
  let length = rest.length
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

/** The regular files of such an archive. What is no file (links, devices, folders) is left out. Throws RangeError when it is cut short. */
export function unpackTar(archive: Buffer): TarEntry[] {
  const entries: TarEntry[] = []
  let longName: string | undefined
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block)
    if (header[0] === 0) break
    const text = (from: number, length: number) => header.toString('utf8', from, from + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(text(124, 12).trim() || '0', 8)
    if (!Number.isSafeInteger(size) || size < 0 || at + block + size > archive.length)
      throw new RangeError('the archive is cut short')
    const bytes = archive.subarray(at + block, at + block + size)
    const type = text(156, 1)
    if (type === 'x') longName = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(bytes.toString('utf8'))?.[1]
    else {
      if (type === '0' || type === '')
        entries.push({
          path: longName ?? text(0, 100),
          bytes,
          executable: (Number.parseInt(text(100, 8), 8) & 0o100) !== 0,
        })
      longName = undefined
    }
    at += block + Math.ceil(size / block) * block
  }
  return entries
}
