import { formatSeconds } from '../base/duration.ts'
import { escapeLine } from '../base/escape.ts'
import { formatBytes, formatCount } from '../base/quantity.ts'

interface Terminal {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

/** The progress of something countable. */
export interface Step {
  what: string
  files: number
  totalFiles: number
  bytes: number
  totalBytes: number
}

/**
 * A progress line, shown on a terminal after the first second: what, how much of how much, speed, time left. Returns
 * `show`, to call at each step, and `clear`, to remove the line. Without a terminal both do nothing.
 */
export function progressLine(terminal: Terminal): { show(step: Step): void; clear(): void } {
  const start = Date.now()
  let shown = false
  return {
    show(step) {
      const seconds = (Date.now() - start) / 1000
      if (!terminal.isTTY || seconds < 1) return
      shown = true
      terminal.write(`\r${formatStep(step, seconds).slice(0, (terminal.columns ?? 80) - 1)}\x1b[K`)
    },
    clear() {
      if (shown) terminal.write('\r\x1b[K')
    },
  }
}

/** A progress line of text: what is being done, or git's own progress. */
export function phaseLine(terminal: Terminal): { show(text: string): void; clear(): void } {
  const start = Date.now()
  let shown = false
  return {
    show(text) {
      if (!terminal.isTTY || Date.now() - start < 1000) return
      shown = true
      terminal.write(`\r${escapeLine(text).slice(0, (terminal.columns ?? 80) - 1)}\x1b[K`)
    },
    clear() {
      if (shown) terminal.write('\r\x1b[K')
    },
  }
}

function formatStep({ what, files, totalFiles, bytes, totalBytes }: Step, seconds: number): string {
  const speed = bytes / seconds
  const left = speed > 0 ? `  ${formatSeconds(Math.max(0, Math.round((totalBytes - bytes) / speed)))} left` : ''
  const amount = `${formatBytes(bytes).replace(/ \w+$/, '')} of ${formatBytes(totalBytes)}`
  return `hashing ${escapeLine(what)}  ${formatCount(files)} of ${formatCount(totalFiles)} files  ${amount}  ${formatBytes(speed)}/s${left}`
}

/** A progress line for work of unknown size: `reading dvc  120`. */
export function countLine(terminal: Terminal, what: string): { show(done: number): void; clear(): void } {
  const start = Date.now()
  let shown = false
  return {
    show(done) {
      if (!terminal.isTTY || Date.now() - start < 1000) return
      shown = true
      terminal.write(`\r${`${escapeLine(what)}  ${formatCount(done)}`.slice(0, (terminal.columns ?? 80) - 1)}\x1b[K`)
    },
    clear() {
      if (shown) terminal.write('\r\x1b[K')
    },
  }
}
