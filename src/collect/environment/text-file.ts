import { readFileSync } from 'node:fs'

/** A small text file, or undefined when it cannot be read. Reads at most 16 MiB: a lock file, not a dataset. */
export function readText(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    return text.length <= 16 * 1024 * 1024 ? text : undefined
  } catch {
    return undefined
  }
}

/** The same, parsed as JSON. */
export function readJson(path: string): unknown {
  const text = readText(path)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
