import { entry, git, prov, repository } from './fixtures.js'
import { time } from './measure.js'

/** Commands in the form measure.js runs. */
export const commit = (cwd, ...config) => ({
  program: 'git',
  args: [...config, 'commit', '--quiet', '--allow-empty', '-m', 'x'],
  cwd,
})
export const cli = (cwd, ...args) => ({ program: process.execPath, args: [entry, ...args], cwd })
export const script = (cwd, text) => ({ program: 'sh', args: ['-c', text], cwd })

export const unhooked = ['-c', 'core.hooksPath=/dev/null']

/** A commit without the hook, undone untimed so that the next commit with the hook has a captured parent again. */
export const plainCommit =
  (cwd, measure = time) =>
  () => {
    const seconds = measure(commit(cwd, ...unhooked))
    git(cwd, ...unhooked, 'reset', '--quiet', '--soft', 'HEAD~1')
    return seconds
  }

/** A repository with `files` files as dataset `train`, set up by `git prov init`, with warm caches. */
export function withProvenance(name, files = 1000) {
  const cwd = repository(name, files)
  prov(cwd, 'init', '--quiet', '--dataset', 'train=data/train')
  git(cwd, 'add', '--all')
  git(cwd, 'commit', '--quiet', '-m', 'provenance')
  git(cwd, 'commit', '--quiet', '--allow-empty', '-m', 'warm')
  return cwd
}
