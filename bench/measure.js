import { spawnSync } from 'node:child_process'

/** The environment of every measurement: NODE_EXTRA_CA_CERTS alone makes Node 20 start 2.6 times slower. */
export const env = {
  ...process.env,
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.org',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.org',
  GIT_CONFIG_GLOBAL: '/dev/null',
  LC_ALL: 'C',
}
delete env.NODE_EXTRA_CA_CERTS
delete env.NODE_OPTIONS

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Seconds of one run of a command. Throws when it fails. */
export function time({ program, args, cwd, status = 0 }) {
  const start = process.hrtime.bigint()
  const result = spawnSync(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 30 })
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  if (result.error || result.status !== status)
    throw new Error(`${program} ${args.join(' ')}: ${result.error ?? result.stderr}`)
  return seconds
}

/**
 * CPU seconds of one run, including every child process it waited for: comparable even on a busy machine. bash counts
 * in milliseconds.
 */
export function cpuTime({ program, args, cwd }) {
  const script = 'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null 2>&1'
  const { stderr } = spawnSync('bash', ['-c', script, program, ...args], { cwd, env, encoding: 'utf8' })
  const [user, system] = stderr.trim().split(' ').map(Number)
  return user + system
}

/** Runs commands in turn, A B C A B C …, after one warm-up each, and returns the median seconds of each by name. */
export function roundRobin(commands, rounds) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, command] of Object.entries(commands)) {
      const seconds = typeof command === 'function' ? command() : time(command)
      if (round >= 0) times[name].push(seconds)
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))
}

export const node = { program: process.execPath, args: ['-e', '0'], cwd: '/' }

/** Peak memory of a command and its children, MiB; undefined without GNU time. */
export function peakMebibytes({ program, args, cwd }) {
  const result = spawnSync('/usr/bin/time', ['-f', '%M', program, ...args], { cwd, env, encoding: 'utf8' })
  const kilobytes = Number(result.stderr?.trim().split('\n').at(-1))
  return result.status === 0 && kilobytes > 0 ? kilobytes / 1024 : undefined
}

export function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { env }).status === 0
}
