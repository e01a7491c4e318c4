// Paths come from file systems and git as bytes. In memory a path is a "byte string": one character per byte
// (latin1), so that it sorts in C-locale order and loses nothing. In records it is text.

const utf8 = new TextDecoder('utf-8', { fatal: true })
const ascii = /^[\u0000-\u007f]*$/

/** A byte string as what file system calls take: a string when plain ASCII, else a Buffer. */
export function fsPath(bytes: string): string | Buffer {
  return ascii.test(bytes) ? bytes : Buffer.from(bytes, 'latin1')
}

/** A byte string as text for a record: decoded when it is valid UTF-8; else other bytes become %XX, and % becomes %25. */
export function pathText(bytes: string): string {
  if (ascii.test(bytes)) return bytes
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return bytes.replace(/[%\u0080-\u00ff]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
  }
}

/** Text (UTF-16) as a byte string. */
export function byteString(text: string): string {
  return ascii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}
