import { formatCount, plural } from '../base/quantity.ts'
import type { Paint } from '../render/colour.ts'
import { renderFindings } from '../render/findings.ts'
import type { VerifyView } from './verify.ts'

/** What was found, and what was checked. */
export function renderVerified({ findings, checked, signatures, ok }: VerifyView, paint: Paint): string[] {
  const what = `${plural(checked.records, 'record')}, ${plural(checked.environments, 'environment')}, ${plural(checked.manifests, 'manifest')}`
  return [
    ...renderFindings(findings, paint),
    ...(signatures
      ? [
          `prov: ${plural(signatures.commits, 'commit')} on the branch: ${formatCount(signatures.signed)} signed, ${formatCount(signatures.vouched)} vouched for by a later signature`,
        ]
      : []),
    ok
      ? `prov: ${what}: every one matches its name`
      : `prov: ${plural(findings.filter(({ severity }) => severity !== 'info').length, 'finding')} in ${what}`,
  ]
}
