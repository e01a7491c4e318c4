import type { DatasetDeclaration } from '../../config/config.ts'
import type { Found } from './found.ts'

const longest = 128

/** A unique name per dataset, from the last parts of its path. */
export function nameDatasets(found: readonly Found[]): (DatasetDeclaration & Found)[] {
  const taken = new Set<string>()
  const seen = new Set<string>()
  return found.flatMap(({ path, because }) => {
    if (seen.has(path) || path === '') return []
    seen.add(path)
    const parts = path.split('/').map((part) => part.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, ''))
    const last = parts.at(-1) || 'data'
    let name = (last.replace(/\.[a-z0-9]{1,5}$/i, '') || last).slice(0, longest)
    if (taken.has(name)) name = parts.filter(Boolean).join('-').slice(0, longest)
    for (let n = 2; taken.has(name); n++) name = `${last.slice(0, longest - `-${n}`.length)}-${n}`
    taken.add(name)
    return [{ name, path, because }]
  })
}
