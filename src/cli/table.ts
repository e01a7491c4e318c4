import type { CommandGroup, CommandSpec } from '../terminal/words.ts'
import { historyCommands } from './table/history.ts'
import { keepingCommands } from './table/keeping.ts'
import { reasonsCommands } from './table/reasons.ts'
import { runsCommands } from './table/runs.ts'
import { sharingCommands } from './table/sharing.ts'
import { trustCommands } from './table/trust.ts'

/** Every command, in the groups and order that help lists them. Each is loaded only when called. */
export const groups: readonly CommandGroup[] = [
  { title: 'set up and keep going', commands: keepingCommands },
  { title: 'look at what was recorded', commands: historyCommands },
  { title: 'do, compare and repeat runs', commands: runsCommands },
  { title: 'decide and review', commands: reasonsCommands },
  { title: 'share and keep for long', commands: sharingCommands },
  { title: 'vouch for it, and keep secrets', commands: trustCommands },
]

export const commands: readonly CommandSpec[] = groups.flatMap((group) => group.commands)
