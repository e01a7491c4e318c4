import type { CommandSpec } from './spec.ts'

const json = { type: 'boolean', describe: 'print JSON' } as const

/** Every command, in the order the help lists them. Each is loaded only when it is called. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'hook',
    summary: 'called by the git hooks',
    usage: ['hook <name> [<argument>...]'],
    hidden: true,
    load: () => import('./hook.ts'),
  },
  {
    name: 'capture',
    summary: 'capture commits that have no record yet',
    usage: ['capture [<revision range>...]'],
    details: [
      'Without a range, finds the commits this clone made (its reflogs say which) that have no capture, finishes captures that are still pending, and folds what waits in the spool. With one, captures each commit in it.',
      'A capture made after its commit is marked late and claims only what the commit itself still proves: tracked data, parameters and lock files, not the environment.',
    ],
    flags: { json, quiet: { type: 'boolean', short: 'q', describe: 'print nothing' } },
    load: () => import('./capture.ts'),
  },
]
