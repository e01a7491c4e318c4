/** A signed envelope (DSSE 1.0.2, protocol and envelope). `sig` and `payload` are base64. */
export interface DsseEnvelope {
  payloadType: string
  payload: string
  signatures: { keyid: string; sig: string }[]
}

/** The bytes that are signed: DSSE's pre-authentication encoding, PAE(type, body). */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8')
  const head = `DSSEv1 ${type.length} ${payloadType} ${payload.length} `
  return Buffer.concat([Buffer.from(head, 'utf8'), payload])
}

export function buildEnvelope(
  payloadType: string,
  payload: Uint8Array,
  signatures: readonly { keyid: string; signature: Uint8Array }[],
): DsseEnvelope {
  return {
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: signatures.map(({ keyid, signature }) => ({ keyid, sig: Buffer.from(signature).toString('base64') })),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** Parses an envelope; undefined when the text is not one. */
export function parseEnvelope(text: string): DsseEnvelope | undefined {
  try {
    const value = JSON.parse(text) as Partial<DsseEnvelope> | null
    const whole =
      isText(value?.payloadType) &&
      isText(value?.payload) &&
      Array.isArray(value?.signatures) &&
      value.signatures.every((one) => isText(one?.sig) && (one.keyid === undefined || isText(one.keyid)))
    return whole ? (value as DsseEnvelope) : undefined
  } catch {
    return undefined
  }
}
