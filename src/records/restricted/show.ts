import { plural } from '../../base/quantity.ts'
import type { KindShow } from '../kind-show.ts'
import type { Restricted } from '../record.ts'

export const restricted: KindShow<Restricted> = { body: restrictedBody }

/** What can be seen of restricted fields without a key: names, for whom, commitments. */
function restrictedBody({ to, recipients, fields }: Restricted): string[] {
  const lines = Object.entries(fields).map(([name, { commitment }]) => `    ${name}  commitment ${commitment}`)
  return [`for ${to.join(', ')} (${plural(recipients.length, 'key')}): git prov reveal`, ...lines]
}
