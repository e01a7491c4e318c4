/** A dataset path in two: the folder before the first wildcard, and the pattern below it (undefined when there is none). */
export interface DatasetPath {
  base: string
  pattern: string | undefined
}

export function splitPath(path: string): DatasetPath {
  const clean = path.replace(/\/+$/, '').replace(/^\.\//, '')
  const parts = clean.split('/')
  const first = parts.findIndex((part) => /[*?[\]{}]/.test(part))
  if (first < 0) return { base: clean === '.' ? '' : clean, pattern: undefined }
  return { base: parts.slice(0, first).join('/'), pattern: parts.slice(first).join('/') }
}

/** Whether a path below the base belongs to the dataset. Patterns are those of picomatch; a dot is nothing special. */
export async function matcher(pattern: string | undefined): Promise<(path: string) => boolean> {
  if (pattern === undefined) return () => true
  const { default: picomatch } = await import('picomatch')
  const { byteString } = await import('../../core/path-text.ts')
  return picomatch(byteString(pattern), { dot: true })
}
