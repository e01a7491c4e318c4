import type { Captured } from '../capture/capture-commits.ts'
import { renderCaptureLine } from '../capture/capture-line.ts'
import { type Recorded, startWorker } from '../capture/record-captures.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readEnvironment } from '../ledger/read/environments.ts'

/** Prints a line for each capture, unless prov.quiet is set; starts the worker when something is pending. */
export async function showCaptured(context: Context, objects: ObjectReader, { captured }: Recorded): Promise<void> {
  const { quiet, branchRef } = readSettings(context.repository())
  for (const one of quiet ? [] : captured) {
    const from = one.stored.record.changed?.environment
    const previous = from && one.environment ? await readEnvironment(objects, branchRef, from) : undefined
    context.stderr.write(`${lineOf(one, previous)}\n`)
  }
  if (captured.some(isPending)) startWorker(context)
}

const isPending = ({ stored }: Captured) =>
  Object.values(stored.record.datasets).some(({ state }) => state === 'pending')

function lineOf(captured: Captured, previous: Awaited<ReturnType<typeof readEnvironment>>): string {
  const line = renderCaptureLine({
    record: captured.stored.record,
    environment: captured.environment?.environment,
    previous,
  })
  return isPending(captured) ? `${line}, finishing in the background (git prov status)` : line
}
