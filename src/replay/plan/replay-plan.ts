import { short } from '../../base/digest.ts'
import { escapeLine } from '../../base/escape.ts'
import { quoteWords } from '../../base/shell-quote.ts'
import { describeEnvironmentDiff, type EnvironmentDiff } from '../../records/environment.ts'

/** What a replay would do. */
export interface ReplayPlanView {
  run: string
  commit: string
  /** Tree of uncommitted work. */
  snapshot?: string | undefined
  /** Why the code may not be the same. */
  doubts: readonly string[]
  inputs: readonly { path: string; recorded?: string; from?: string; fetch?: string; reason?: string }[]
  differences: EnvironmentDiff | undefined
  /** Packages to install in a new environment. */
  packages?: number
  words?: readonly string[] | undefined
  /** Where, from the top of the work tree. */
  folder: string
  outputs: number
  metrics: number
  obstacles: readonly string[]
}

const mostInputs = 20

/** Renders the plan, one line per part, escaped for the terminal. */
export function renderReplayPlan(view: ReplayPlanView): string[] {
  const { run, commit, snapshot, doubts, inputs, words, folder, outputs, metrics, obstacles } = view
  const lines = [`prov: replay of ${short(run)}`]
  const row = (name: string, text: string) => lines.push(`  ${name.padEnd(9)}${escapeLine(text)}`)
  row('code', `${commit.slice(0, 10)}${snapshot ? ` and uncommitted work ${snapshot.slice(0, 10)}` : ''}`)
  for (const doubt of doubts) row('', doubt)
  for (const [index, input] of inputs.slice(0, mostInputs).entries())
    row(index === 0 ? 'inputs' : '', describeInput(input))
  if (inputs.length > mostInputs) row('', `and ${inputs.length - mostInputs} more`)
  row('env', describeEnvironment(view))
  row(
    'compares',
    [`${outputs} ${outputs === 1 ? 'output' : 'outputs'}`, `${metrics} ${metrics === 1 ? 'metric' : 'metrics'}`].join(
      ', ',
    ),
  )
  if (words) row('command', `${quoteWords(words)}${folder === '.' ? '' : `   (in ${folder})`}`)
  for (const obstacle of obstacles) row('cannot', obstacle)
  return lines
}

function describeInput({ path, recorded, from, fetch, reason }: ReplayPlanView['inputs'][number]): string {
  const workspace = fetch ? `to be fetched: ${fetch}` : from ? `from ${from}` : 'not available'
  return `${path}${recorded ? `  ${short(recorded)}` : ''}  ${workspace}${reason ? ` (${reason})` : ''}`
}

function describeEnvironment({ differences, packages }: ReplayPlanView): string {
  if (packages !== undefined) return `${packages} recorded Python packages, in a new environment`
  return differences === undefined ? 'not recorded' : describeEnvironmentDiff(differences, 4) || 'as recorded'
}
