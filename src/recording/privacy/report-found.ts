import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escapeLine } from '../../base/escape.ts'
import { replaceFile } from '../../base/files.ts'
import type { Context } from '../../context.ts'
import type { LocalDir } from '../../ledger/local/local-dir.ts'
import type { Found } from '../../privacy/redact.ts'
import { sayFound } from '../../privacy/redact-values.ts'

const most = 1000

/** Reports on stderr what was redacted and where, once per place and clone, since it recurs at every commit. */
export function reportFound(context: Context, local: LocalDir, found: readonly Found[]): void {
  if (found.length === 0) return
  const file = join(local.cache, 'told.json')
  const reported = readReported(file)
  const news = found.filter(({ where, rule }) => !reported.has(`${where} ${rule}`))
  const line = sayFound(news)
  if (!line) return
  context.stderr.write(`${escapeLine(line)}\n`)
  for (const { where, rule } of news) reported.add(`${where} ${rule}`)
  replaceFile(file, JSON.stringify([...reported].slice(-most)))
}

function readReported(file: string): Set<string> {
  try {
    return new Set(JSON.parse(readFileSync(file, 'utf8')) as string[])
  } catch {
    return new Set()
  }
}
