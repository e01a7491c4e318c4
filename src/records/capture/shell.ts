import type { KindShell } from '../kind-shell.ts'
import type { Capture } from '../record.ts'

export const capture: KindShell<Capture> = {
  keep: ({ trigger, late, environment, changed, datasets }) => ({
    trigger,
    late,
    environment,
    datasets: pendingOf(datasets),
    parameters: {},
    ...(changed?.environment && { changed: { environment: changed.environment } }),
  }),
  placed: (kept, placeholder) => ({ ...kept, configuration: { missing: placeholder } }),
  files: ({ datasets }) => Object.values(datasets).map(({ digest }) => digest),
}

/** What is still pending stays visible, so that it gets finished. */
function pendingOf(datasets: Capture['datasets']): object {
  const pending = Object.entries(datasets).flatMap(([name, { state, source }]) =>
    state === 'pending' ? [[name, { path: '.', state, source, reason: 'restricted' }] as const] : [],
  )
  return Object.fromEntries(pending)
}
