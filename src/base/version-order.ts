/** Whether the first of two versions (1.2.3) is the later one. */
export function isLater(version: string, other: string): boolean {
  const [a, b] = [partsOf(version), partsOf(other)]
  const at = a.findIndex((part, n) => part !== b[n])
  return at >= 0 && (a[at] as number) > (b[at] as number)
}

/** Anything that is not a version sorts before every version. */
function partsOf(version: string): number[] {
  const match = String(version).match(/^(\d{1,6})\.(\d{1,6})\.(\d{1,6})/)
  return match ? match.slice(1).map(Number) : [0, 0, 0]
}
