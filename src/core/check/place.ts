import { type Path, readYaml, type YamlFile } from '../yaml-file.ts'
import type { Problem } from './rule.ts'

/** A problem with its line, and the lines of the file around it. */
export interface PlacedProblem extends Problem {
  /** The line before and the line itself, with their numbers. */
  source?: { number: number; text: string }[]
}

/** Gives each problem in a file its line and column; `read` returns a file's text, or undefined when it is not there. */
export async function placeProblems(
  problems: readonly Problem[],
  read: (file: string) => string | undefined,
): Promise<PlacedProblem[]> {
  const texts = new Map<string, { text: string; yaml?: YamlFile } | undefined>()
  const placed: PlacedProblem[] = []
  for (const problem of problems) {
    const { file } = problem
    if (file === undefined) {
      placed.push(problem)
      continue
    }
    if (!texts.has(file)) texts.set(file, toText(read(file)))
    placed.push(await placeOne(problem, texts.get(file)))
  }
  return placed.sort(byPlace)
}

const toText = (text: string | undefined) => (text === undefined ? undefined : { text })

async function placeOne(
  problem: Problem,
  found: { text: string; yaml?: YamlFile } | undefined,
): Promise<PlacedProblem> {
  if (!found) return { ...problem, line: problem.line ?? 1, column: problem.column ?? 1 }
  let place = problem.line === undefined ? undefined : { line: problem.line, column: problem.column ?? 1 }
  if (!place) {
    found.yaml ??= await readYaml(found.text)
    place = locate(found.yaml, problem.path ?? [])
  }
  return { ...problem, ...place, source: around(found.text, place.line) }
}

/** A member is at its name; one that is missing is where its absence shows: at the role, or the status. */
function locate(yaml: YamlFile, path: Path) {
  const last = path.at(-1)
  if (typeof last !== 'string') return yaml.locate(path)
  const names = path.length === 1 ? [last, 'role', 'status', 'title'] : [last]
  const found = names.find((name) => yaml.has([...path.slice(0, -1), name]))
  return found === undefined ? yaml.locate(path) : yaml.locateKey(path.slice(0, -1), found)
}

function around(text: string, line: number): { number: number; text: string }[] {
  const lines = text.split('\n')
  return [line - 1, line].flatMap((number) => {
    const source = lines[number - 1]
    return number < 1 || source === undefined ? [] : [{ number, text: source.replace(/\r$/, '') }]
  })
}

function byPlace(a: PlacedProblem, b: PlacedProblem): number {
  if (a.file !== b.file || a.file === undefined) return 0
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
