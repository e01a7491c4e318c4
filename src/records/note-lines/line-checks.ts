// Checks that a line of a note must pass before it is trusted.

export const isDigest = (value: unknown) => /^[0-9a-f]{64}$/.test(String(value))

/** The name of a commit. */
export const isCommit = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value)

export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
