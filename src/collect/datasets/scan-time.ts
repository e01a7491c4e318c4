import { closeSync, fstatSync, mkdirSync, openSync, rmSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FileState } from './walk.ts'

/** The moment before files were read, by the clock of the file system that stamps them. */
export interface ScanTime {
  /** Nanoseconds. */
  now: bigint
  /** The file system whose clock it is. */
  dev: bigint
  /** How far apart two writes may be and still get the same time, ns. */
  tick: bigint
}

const tick = 10_000_000n
const coarseTick = 2_000_000_000n
/** For a file on another file system, whose clock was not asked: its server may be behind. */
const foreignTick = 60_000_000_000n

// statfs(2): NFS, SMB, SMB2, CIFS, 9p, FAT, exFAT, FUSE. Their times come from elsewhere, or in steps of up to 2 s.
const coarse = new Set([0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x01021997, 0x4d44, 0x2011bab0, 0x65735546])

/** Now, by the clock of the file system `beside` lies on. */
export function scanTime(beside: string): ScanTime {
  const path = `${beside}.${process.pid}.stamp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(path, 'w')
    const { mtimeNs, dev } = fstatSync(file, { bigint: true })
    closeSync(file)
    rmSync(path, { force: true })
    return { now: mtimeNs, dev, tick: coarse.has(statfsSync(dirname(path)).type) ? coarseTick : tick }
  } catch {
    // Then nothing written now is trusted.
    return { now: 0n, dev: -1n, tick }
  }
}

/**
 * Git's racy-timestamp rule: whether a file read after `scan` was last changed so long before it that any later change
 * must show in its times. A file system without nanoseconds ticks in whole (or two) seconds.
 */
export function isSettled(
  { mtimeNs, ctimeNs, dev }: Pick<FileState, 'mtimeNs' | 'ctimeNs' | 'dev'>,
  scan: ScanTime,
): boolean {
  const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs
  const whole = mtimeNs % 1_000_000_000n === 0n && ctimeNs % 1_000_000_000n === 0n
  return newest < scan.now - (dev !== scan.dev ? foreignTick : whole ? coarseTick : scan.tick)
}
