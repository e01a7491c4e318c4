import { digestOf } from '../../base/digest.ts'

/** The folder of decision files, from the top of the work tree. */
export const decisionsFolder = 'decisions'

/** A decision's id: its file name without folder, date or number, and extension. */
export function slugOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/i, '')
  return toWords(name.replace(/^(\d{4}-\d\d-\d\d|\d{1,5})-/, '')).join('-') || toWords(name).join('-')
}

/** True for YAML files in decisions/ that are not hidden. */
export function isDecisionFile(path: string): boolean {
  return /^decisions\/(?:[^./][^/]*\/)*[^./][^/]*\.ya?ml$/i.test(path)
}

// Words at which a title starts to explain itself.
const explains = new Set('for because so since with when while instead in as to by of on from'.split(' '))
const mostWords = 6

/** An id for a title: its words up to where it starts to explain itself; all of them when that id is taken. */
export function slugFor(title: string, taken: ReadonlySet<string>): string {
  const words = toWords(title)
  const end = words.findIndex((word, index) => index >= 3 && explains.has(word))
  const short = words.slice(0, end < 0 ? mostWords : Math.min(end, mostWords)).join('-')
  const long = words.join('-').slice(0, 100).replace(/-$/, '')
  const fallback = `decision-${digestOf(title).slice(0, 6)}`
  for (const slug of [short, long, fallback]) if (slug && !taken.has(slug)) return slug
  for (let n = 2; ; n++) if (!taken.has(`${short || fallback}-${n}`)) return `${short || fallback}-${n}`
}

function toWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}
