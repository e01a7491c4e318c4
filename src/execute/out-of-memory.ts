import { readFileSync } from 'node:fs'

/**
 * How many processes in our control group the OOM killer has killed (cgroup v2, memory.events: oom_kill; v1,
 * memory.oom_control). Undefined where that is not available.
 */
export function oomKills(): number | undefined {
  const groups = read('/proc/self/cgroup')
  if (groups === undefined) return undefined
  const unified = groups.match(/^0::(.*)$/m)?.[1]
  const memory = groups.match(/^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m)?.[1]
  const places = [
    ...(unified === undefined ? [] : [`/sys/fs/cgroup${unified}/memory.events`, '/sys/fs/cgroup/memory.events']),
    ...(memory === undefined
      ? []
      : [`/sys/fs/cgroup/memory${memory}/memory.oom_control`, '/sys/fs/cgroup/memory/memory.oom_control']),
  ]
  for (const place of places) {
    const count = read(place)?.match(/^oom_kill (\d+)$/m)?.[1]
    if (count !== undefined) return Number(count)
  }
  return undefined
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
