import type { Finding } from '../base/finding.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import { findWaiting } from './waiting.ts'

/** The state of HEAD and of this clone's ledger. */
export interface Status {
  /** Undefined before the first commit. */
  head: string | undefined
  capture: { id: string; late?: true } | undefined
  findings: Finding[]
}

export async function readStatus(context: Context): Promise<Status> {
  const repository = context.repository()
  const settings = readSettings(repository)
  const objects = new ObjectReader(repository)
  try {
    const [branch, head] = await objects.readAll([settings.branchRef, 'HEAD'])
    const findings = branch ? await findWaiting(repository, objects) : [notInitialised(settings.branchRef)]
    const capture = branch && head ? await readCapture({ objects, settings }, head.oid) : undefined
    return { head: head?.oid, capture, findings }
  } finally {
    objects.close()
  }
}

function notInitialised(branchRef: string): Finding {
  return {
    code: 'not-initialised',
    severity: 'error',
    where: branchRef,
    message: 'there is no provenance here yet',
    hint: 'git prov init',
  }
}
