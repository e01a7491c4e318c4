import type { CleanTexts } from '../collect/clean-texts.ts'
import type { Fingerprint } from '../collect/datasets/fingerprint.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactDeep } from '../privacy/redact-values.ts'

/**
 * A dataset without secrets or names in its paths and reasons; digests and counts stay. A manifest cannot be edited
 * without breaking its digest, so one with a secret in a file name is left out entirely.
 */
export function redactFingerprint(
  { dataset, manifest }: Fingerprint,
  name: string,
  redactor: Redactor,
  known: CleanTexts,
): Fingerprint {
  const { digest, aliases, ...texts } = dataset
  const clean = {
    ...redactDeep(redactor, texts, `datasets.${name}`).value,
    ...(digest !== undefined && { digest }),
    ...(aliases && { aliases }),
  }
  if (!manifest) return { dataset: clean }
  // The digest is the manifest's.
  const key = `#${digest}`
  if (known.has(key)) return { dataset: clean, manifest }
  if (!redactor.holdsSecret(manifest.toString('latin1'), `datasets.${name}.manifest`)) {
    if (digest !== undefined) known.add(key)
    return { dataset: clean, manifest }
  }
  const reason = [clean.reason, 'the list of files is not kept: the name of one looks like a secret'].filter(Boolean)
  return { dataset: { ...clean, manifest: false, reason: reason.join('; ') } }
}
