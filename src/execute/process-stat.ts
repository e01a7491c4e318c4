import { readdirSync, readFileSync } from 'node:fs'

/** The fields of /proc/<pid>/stat (proc(5)), field n at index n - 1; undefined where there is no such file. */
export function statFields(pid: number | 'self'): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const end = text.lastIndexOf(')')
    return [text.slice(0, text.indexOf(' ')), text.slice(text.indexOf('('), end + 1), ...text.slice(end + 2).split(' ')]
  } catch {
    return undefined
  }
}

/** Clock ticks per second (USER_HZ), the same on every Linux architecture (times(2)). */
const ticks = 100

/** CPU seconds of the children this process has waited for, and of their descendants. */
export function childrenTimes(): { user: number; system: number } | undefined {
  const fields = statFields('self')
  return fields && { user: Number(fields[15]) / ticks, system: Number(fields[16]) / ticks }
}

/** A process and its descendants, at most 1,000 in all. */
export function processTree(root: number): number[] {
  const found = [root]
  for (let at = 0; at < found.length && found.length < 1000; at++) found.push(...childrenOf(found[at] as number))
  return found
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}
