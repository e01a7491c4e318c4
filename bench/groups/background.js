import { execFileSync } from 'node:child_process'
import { commit, plainCommit, withProvenance } from '../commands.js'
import { git } from '../fixtures.js'
import { roundRobin, time } from '../measure.js'

export async function background() {
  const cwd = withProvenance('background')
  execFileSync('sed', ['-i', 's/mode: wait/mode: background/', 'prov.yaml'], { cwd })
  git(cwd, 'commit', '--quiet', '-am', 'background')
  // Waits for the background worker, so that it adds to no other measurement.
  const settled = (measure) => () => {
    const seconds = measure()
    execFileSync('sleep', ['0.4'])
    return seconds
  }
  const times = roundRobin({ hooked: settled(() => time(commit(cwd))), plain: settled(plainCommit(cwd)) }, 11)
  const value = times.hooked / times.plain
  return [{ what: 'commit in background mode, against a plain commit', value, limit: 1.5, unit: 'x' }]
}
