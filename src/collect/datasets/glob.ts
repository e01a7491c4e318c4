import { byteString } from '../../base/path-text.ts'

/** A dataset path in two: the folder before the first wildcard, and the pattern below it (undefined when there is none). */
export interface DatasetPath {
  base: string
  pattern: string | undefined
}

/** Takes a path as written: `./data//train/` is `data/train`. */
export function splitPath(written: string): DatasetPath {
  const path = cleanPath(written)
  const parts = path.split('/')
  const first = parts.findIndex((part) => /[*?[\]{}]/.test(part))
  if (first < 0) return { base: path, pattern: undefined }
  return { base: parts.slice(0, first).join('/'), pattern: parts.slice(first).join('/') }
}

/** Without what changes nothing: `''` is the top. */
export function cleanPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/**
 * Whether a path below the base belongs to the dataset. Patterns are those of picomatch; a dot at the start of a name
 * is nothing special. (Node's own path.matchesGlob prints a warning of being experimental.)
 */
export async function matcher(pattern: string): Promise<(path: string) => boolean> {
  const { default: picomatch } = await import('picomatch')
  const matches = picomatch(pattern, { dot: true, nonegate: true })
  const bytes =
    byteString(pattern) === pattern ? matches : picomatch(byteString(pattern), { dot: true, nonegate: true })
  // Wildcards stand for characters in names that are UTF-8, and for bytes in others.
  return (path) => {
    const text = asText(path)
    return text === undefined ? bytes(path) : matches(text)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function asText(path: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(path, 'latin1'))
  } catch {
    return undefined
  }
}
