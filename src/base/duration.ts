/** Formats seconds for display: 0.4 s, 42 s, 3 min, 1.5 h, 2 d. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  if (seconds < 3570) return `${Math.round(seconds / 60)} min`
  if (seconds < 86_400) return `${Number((seconds / 3600).toFixed(1))} h`
  return `${Number((seconds / 86_400).toFixed(1))} d`
}

/** How long ago a time was: just now, 3 min ago, 2 d ago. */
export function formatAgo(then: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - then.getTime()) / 1000)
  return seconds < 9.95 ? 'just now' : `${formatSeconds(seconds)} ago`
}
