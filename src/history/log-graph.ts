import { escapeKeepingColour } from '../records/log.ts'

/** git draws the graph beside the commit's first line; its lines continue below. */
export function drawGraph(
  graph: { first: string; rest: string[] },
  lines: readonly string[],
  parents: number,
  oneline: boolean,
): string {
  const below = graph.first.replace('*', parents > 0 ? '|' : ' ')
  const drawn = lines.map((line, index) => escapeKeepingColour(index === 0 ? graph.first : below) + line)
  // The gap comes before the lines turn towards the next commit.
  const gap = oneline ? [] : [escapeKeepingColour(below).trimEnd()]
  return `${[...drawn, ...gap, ...graph.rest.map(escapeKeepingColour)].join('\n')}\n`
}
