import { readFileSync } from 'node:fs'
import { processTree } from './process-stat.ts'

/** Bounds in ms of the sampling interval, which is a twentieth of the elapsed time. */
const [shortest, longest] = [20, 500]

/**
 * The peak resident memory of a command's largest process. Node cannot call getrusage(2) for children, so the kernel's
 * own high-water marks (proc(5), VmHWM) are sampled: growth after the last sample, and processes that lived between two
 * samples, are missed.
 */
export class PeakMemory {
  #peak = 0
  #timer: NodeJS.Timeout | undefined

  constructor(pid: number) {
    this.#wait(pid, Date.now())
  }

  /** Bytes; undefined when the command ended before the first sample. */
  stop(): number | undefined {
    clearTimeout(this.#timer)
    return this.#peak || undefined
  }

  #wait(pid: number, since: number): void {
    const time = Math.min(longest, Math.max(shortest, (Date.now() - since) / 20))
    this.#timer = setTimeout(() => {
      for (const one of processTree(pid)) this.#peak = Math.max(this.#peak, highWater(one))
      this.#wait(pid, since)
    }, time)
    this.#timer.unref()
  }
}

function highWater(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/status`, 'latin1').match(/^VmHWM:\s+(\d+) kB/m)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
