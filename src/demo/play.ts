import type { Context } from '../context.ts'
import { Stage } from './stage.ts'
import { type Step, steps } from './steps.ts'

/** Plays every step of the demo in an empty folder, showing it on the terminal. Throws `io` when one fails. */
export function playDemo(context: Context, folder: string): void {
  const stage = new Stage(context, folder)
  for (const step of steps) play(stage, step)
}

function play(stage: Stage, [act, ...rest]: Step): void {
  const does = stage[act] as (...rest: unknown[]) => void
  does.apply(stage, rest)
}
