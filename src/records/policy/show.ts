import { escapeLine } from '../../base/escape.ts'
import type { KindShow } from '../kind-show.ts'
import type { Policy } from '../record.ts'

export const policy: KindShow<Policy> = { body: policyBody }

/** The policy that was in force. */
function policyBody({ digest, content }: Policy): string[] {
  return [`sha-256 ${digest}`, '', ...JSON.stringify(content, null, 2).split('\n').map(escapeLine)]
}
