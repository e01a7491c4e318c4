import type { Context } from '../../context.ts'
import { replaced, type Subject } from '../subject.ts'
import { replayScript } from './script-text.ts'

/** Prints a shell script that replays the runs with git alone. Returns the exit status: 2 when a command is unknown. */
export function printScript({ stdout, stderr }: Context, subjects: readonly Subject[]): number {
  const unknown = subjects.filter(({ record }) =>
    record.command.some((word) => replaced.test(word.replaceAll('<home>', ''))),
  )
  for (const { id } of unknown)
    stderr.write(
      `prov: the command of ${id.slice(0, 6)} has <…> in place of what was kept out of its record; fill it in by hand\n`,
    )
  stdout.write(replayScript(subjects))
  return unknown.length > 0 ? 2 : 0
}
