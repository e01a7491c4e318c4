import { digestOf } from '../../base/digest.ts'

/** Marks README.md as written by a version of git-prov: its last line, which a forge does not show. */
export function stampReadme(text: string, version: string): string {
  return `${text}\n<!-- git-prov ${version} -->\n`
}

/** Marks a schema likewise (JSON Schema 2020-12, Core section 8.3: $comment). */
export function stampSchema(text: string, version: string): string {
  return text.replace('{\n', `{\n  "$comment": "git-prov ${version}",\n`)
}

const stamp = /(?:<!-- |"\$comment": ")git-prov (\d{1,6})\.(\d{1,6})\.(\d{1,6})/

/**
 * Which of two contents of README.md or of one schema a join keeps: the one of the newer version of git-prov, and of
 * equals the one with the greater digest. It is a total order of contents, so the answer is the same whichever way
 * round and in whatever order branches are joined.
 */
export function isNewer(left: Uint8Array, right: Uint8Array): boolean {
  const [a, b] = [versionOf(left), versionOf(right)]
  for (let part = 0; part < 3; part++) {
    const difference = (a[part] as number) - (b[part] as number)
    if (difference !== 0) return difference > 0
  }
  return digestOf(left) > digestOf(right)
}

function versionOf(bytes: Uint8Array): number[] {
  const text = Buffer.from(bytes).toString('latin1')
  return text.match(stamp)?.slice(1).map(Number) ?? [0, 0, 0]
}
