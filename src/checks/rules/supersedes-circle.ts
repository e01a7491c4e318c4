import type { CheckRule } from '../../decisions/model/problem.ts'

export const supersedesCircle: CheckRule = {
  name: 'supersedes-circle',
  level: 'error',
  summary: 'no decision supersedes itself through others',
  explain:
    'When a supersedes b, b supersedes c and c supersedes a, nothing says which of them holds. The newest of them supersedes the others; take the line that points the other way out.',
  check: ({ drafts }) => {
    const next = new Map(drafts.map(({ slug, links }) => [slug, links?.supersedes ?? []]))
    const reported = new Set<string>()
    return drafts.flatMap(({ file, slug }) => {
      const circle = circleFrom(slug, next)
      if (!circle || circle.length === 1 || circle.some((id) => reported.has(id))) return []
      for (const id of circle) reported.add(id)
      const message = `supersedes goes in a circle: ${[...circle, circle[0]].join(' -> ')}`
      return [
        {
          where: file,
          file,
          path: ['supersedes'],
          message,
          hint: 'the newest supersedes the others; take the other lines out',
        },
      ]
    })
  },
}

/** The path from a decision back to itself, if there is one. */
function circleFrom(start: string, next: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const seen = new Set<string>()
  const stack: string[][] = [[start]]
  for (let way = stack.pop(); way; way = stack.pop()) {
    for (const id of next.get(way.at(-1) as string) ?? []) {
      if (id === start) return way
      if (seen.has(id)) continue
      seen.add(id)
      stack.push([...way, id])
    }
  }
  return undefined
}
