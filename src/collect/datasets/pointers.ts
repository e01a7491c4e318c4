/** Content named by a pointer: what it would be if it were here. */
export interface PointedContent {
  /** SHA-256; undefined when the pointer carries none. */
  digest?: string
  md5?: string
  /** In bytes. */
  size?: number
  /** The pointer's own name for it, for a message. */
  key: string
}

/** A git-lfs pointer file (git-lfs, docs/spec.md): fewer than 1024 bytes, version line first. */
export function parseLfsPointer(text: string): PointedContent | undefined {
  if (text.length >= 1024 || !/^version https?:\/\/[\w.-]+\/spec\/v1\n/.test(text)) return undefined
  const digest = text.match(/^oid sha256:([0-9a-f]{64})$/m)?.[1]
  const size = text.match(/^size (\d+)$/m)?.[1]
  return digest && size ? { digest, size: Number(size), key: `git-lfs ${digest.slice(0, 12)}` } : undefined
}

/**
 * A git-annex key (git-annex, doc/internals/key_format): BACKEND[E]-s<size>[-m…][-S…-C…]--<name>, as the last part of
 * the symbolic link of a locked file, or in the pointer file of an unlocked one.
 */
export function parseAnnexPointer(text: string): PointedContent | undefined {
  if (text.length >= 32_768 || !/(^|\/)annex\/objects\//.test(text)) return undefined
  const key = text.split('\n')[0]?.split('/').at(-1) ?? ''
  const match = key.match(/^([A-Z0-9_]+?)(E?)((?:-[smSC]\d+)*)--(.+)$/)
  if (!match) return undefined
  const [, backend, , fields = '', name = ''] = match
  const size = fields.match(/-s(\d+)/)?.[1]
  const chunked = /-[SC]\d/.test(fields)
  const hex = name.match(/^[0-9a-f]+/)?.[0] ?? ''
  return {
    key,
    ...(size && { size: Number(size) }),
    ...(backend === 'SHA256' && hex.length === 64 && !chunked && { digest: hex }),
    ...(backend === 'MD5' && hex.length === 32 && !chunked && { md5: hex }),
  }
}
