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

/** Adds files and lets others go in one commit (ledger/replace-files); the records among them come from this room. */
export const replaceOnLedger = async (door: Door, plan: Parameters<typeof replaceFiles>[1]) =>
  await replaceFiles(door.context.repository(), plan, optionsOf(door))

/** Takes a file out of the branch and its history (ledger/redact-files). */
export const redactOnLedger = async (door: Door, request: RedactRequest) =>
  await redactFile(door.context.repository(), request, optionsOf(door))
