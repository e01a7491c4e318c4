import type { Stage } from './stage.ts'

/** One step of the demo: a method of Stage, and its arguments. */
export type Step = { [Act in keyof Stage]: [act: Act, ...with_: Parameters<Stage[Act]>] }[keyof Stage]

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** What each scene changes, and its commit message. */
export const steps: readonly Step[] = [
  ['tell', 'A small project: 344 real penguins, and a classifier that tells their species apart.'],
  ['copy', 'train.mjs', 'train.mjs'],
  ['season', 2007],
  ['season', 2008],
  ['write', 'params.json', json({ epochs: 150, learning_rate: 0.5, seed: 7 })],
  ['write', '.gitignore', 'node_modules/\nmodel.json\n'],
  ['write', 'package.json', json({ name: 'penguins', private: true, type: 'module' })],
  ['run', 'git', ['init', '--quiet', '--initial-branch=main']],
  ['install', '1.0.0'],
  ['prov', ['init', '--dataset', 'penguins=data']],
  ['commit', 'Baseline: seasons 2007 and 2008'],
  ['tell', 'The third season arrives.'],
  ['season', 2009],
  ['commit', 'Add the season of 2009'],
  ['tell', 'Two penguins have no measurements; their rows are dropped.'],
  ['clean'],
  ['commit', 'Drop rows without measurements'],
  ['tell', 'Longer training.'],
  ['write', 'params.json', json({ epochs: 600, learning_rate: 0.5, seed: 7 })],
  ['commit', 'Train four times as long'],
  ['tell', 'A new version of the features package standardises its input.'],
  ['install', '1.1.0'],
  ['commit', 'Use penguin-features 1.1.0'],
  ['tell', 'Nobody wrote any of this down, and all of it is recorded:'],
  ['prov', ['log']],
]
