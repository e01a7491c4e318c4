import { digestOf } from '../../base/digest.ts'

/** Marks README.md with the version of git-prov that wrote it: a last line that forges do not render. */
export function stampReadme(text: string, version: string): string {
  return `${text}\n<!-- git-prov ${version} -->\n`
}

/** Marks a schema in the same way (JSON Schema 2020-12, Core section 8.3: $comment). */
export function stampSchema(text: string, version: string): string {
  return text.replace('{\n', `{\n  "$comment": "git-prov ${version}",\n`)
}

const stamp = /(?:<!-- |"\$comment": ")git-prov (\d{1,6})\.(\d{1,6})\.(\d{1,6})/

/**
 * Which of two contents of README.md or of a schema a join keeps: the one from the newer version of git-prov, or if equal,
 * the one with the greater digest. This is a total order of contents, so the result does not depend on the direction or
 * order in which branches are joined.
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
