import { cli, script, withProvenance } from '../commands.js'
import { addCaptures, entry, git, loadKit } from '../fixtures.js'
import { node, roundRobin } from '../measure.js'

export async function log() {
  const cwd = withProvenance('log', 20)
  addCaptures(await loadKit(), cwd, 100_000, 1000)
  git(cwd, 'gc', '--quiet')
  const quiet = (command) => script(cwd, `${command} >/dev/null`)
  const own = `'${process.execPath}' '${entry}'`
  const page = roundRobin({ node, ours: quiet(`${own} log -n 50`), theirs: quiet('git log --notes=prov -n 50') }, 15)
  const whole = roundRobin({ ours: quiet(`${own} log`), theirs: quiet('git log --notes=prov') }, 5)
  const starts = roundRobin({ node, help: cli(cwd, '--help'), show: cli(cwd, 'show', 'HEAD') }, 15)
  return [
    {
      what: 'git prov log -n 50 at 100,000 captures, less git log --notes=prov -n 50',
      value: (page.ours - page.theirs) / page.node,
      limit: 2.5,
      unit: 'N',
    },
    {
      what: 'git prov log of all 100,000, against git log --notes=prov',
      value: whole.ours / whole.theirs,
      limit: 2,
      unit: 'x',
    },
    { what: 'git-prov --help', value: starts.help / starts.node, limit: 3, unit: 'N' },
    { what: 'git prov show HEAD', value: starts.show / starts.node, limit: 2.5, unit: 'N' },
  ]
}
