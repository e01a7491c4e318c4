import { type RedactRequest, redactFile } from '../ledger/removal/redact-files.ts'
import { replaceFiles } from '../ledger/removal/replace-files.ts'
import type { Door } from './door.ts'
import { reportUnsigned } from './report.ts'

const patience = 60_000

const optionsOf = ({ context, ident }: Door) => ({
  ident,
  deadline: Date.now() + patience,
  onUnsigned: reportUnsigned(context),
})

/** Adds files and removes others in one commit (ledger/removal/replace-files.ts); records among them come from this room. */
export const replaceOnLedger = async (door: Door, plan: Parameters<typeof replaceFiles>[1]) =>
  await replaceFiles(door.context.repository(), plan, optionsOf(door))

/** Removes a file from the branch and its history (ledger/removal/redact-files.ts). */
export const redactOnLedger = async (door: Door, request: RedactRequest) =>
  await redactFile(door.context.repository(), request, optionsOf(door))
