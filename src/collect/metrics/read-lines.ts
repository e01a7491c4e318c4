import { closeSync, constants, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

const chunkBytes = 1024 * 1024
const maxLine = 1024 * 1024

/**
 * Each line of a text file of any size, with its number from 1 and whether a line feed ended it (the last line of a
 * file that is still written has none). A line beyond 1 MiB comes as undefined.
 */
export function readLines(
  file: string,
  onLine: (line: string | undefined, number: number, ended: boolean) => void,
): void {
  let rest = ''
  let number = 0
  let skipping = false
  const emit = (line: string, ended: boolean) => {
    number++
    const tooLong = skipping || line.length > maxLine
    skipping = false
    onLine(tooLong ? undefined : line.endsWith('\r') ? line.slice(0, -1) : line, number, ended)
  }
  for (const text of readText(file)) {
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      emit(from === 0 ? rest + text.slice(0, end) : text.slice(from, end), true)
      from = end + 1
    }
    rest = from === 0 ? rest + text : text.slice(from)
    if (rest.length > maxLine) [rest, skipping] = ['', true]
  }
  if (rest !== '' || skipping) emit(rest, false)
}

function* readText(file: string): Generator<string> {
  const decoder = new StringDecoder('utf8')
  let first = true
  for (const chunk of readChunks(file)) {
    const text = decoder.write(chunk)
    yield first ? text.replace(/^\ufeff/, '') : text
    first = false
  }
  yield decoder.end()
}

/** The bytes of a file, in one buffer used again and again. A pipe in its place is not waited for. */
export function* readChunks(file: string): Generator<Buffer> {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes)
    for (;;) {
      const length = readSync(descriptor, chunk, 0, chunkBytes, null)
      if (length === 0) return
      yield chunk.subarray(0, length)
    }
  } finally {
    closeSync(descriptor)
  }
}
