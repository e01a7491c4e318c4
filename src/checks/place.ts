import { formatPath, type Path, type Places, placesOf, readYaml } from '../base/yaml-file.ts'
import type { Problem } from '../decisions/model/problem.ts'

/** A problem with its line, and the lines around it. */
export interface PlacedProblem extends Problem {
  /** The line before and the line itself, with their numbers. */
  source?: { number: number; text: string }[]
}

/** How files are read: their text, and the places in them if those are known already. */
export interface FileReader {
  /** Undefined when the file is not there. */
  text(file: string): string | undefined
  places(file: string): Places | undefined
}

/** Gives each problem in a file its line and column, and the lines to show. */
export async function placeProblems(problems: readonly Problem[], files: FileReader): Promise<PlacedProblem[]> {
  const texts = new Map<string, string | undefined>()
  const places = new Map<string, Places>()
  const placed: PlacedProblem[] = []
  for (const problem of problems) {
    const { file } = problem
    if (file === undefined) {
      placed.push(problem)
      continue
    }
    if (!texts.has(file)) texts.set(file, files.text(file))
    const text = texts.get(file)
    if (problem.line === undefined && !places.has(file))
      places.set(file, files.places(file) ?? (await findPlaces(text)))
    const [line, column] =
      problem.line === undefined
        ? locate(places.get(file) ?? {}, problem.path ?? [])
        : [problem.line, problem.column ?? 1]
    placed.push({ ...problem, line, column, ...(text !== undefined && { source: around(text, line) }) })
  }
  return placed.sort(byPlace)
}

async function findPlaces(text: string | undefined): Promise<Places> {
  return text === undefined ? {} : placesOf(await readYaml(text))
}

/** A missing member is located where it is missed: at the role or the status; one further down at its entry. */
function locate(places: Places, path: Path): [line: number, column: number] {
  const found = places[formatPath(path)]
  if (found) return found
  const others = path.length === 1 ? ['role', 'status', 'title'] : []
  const shown = others.find((name) => places[name])
  if (shown !== undefined) return places[shown] as [number, number]
  return path.length > 1 ? locate(places, path.slice(0, -1)) : [1, 1]
}

function around(text: string, line: number): { number: number; text: string }[] {
  const lines = text.split('\n', line)
  return [line - 1, line].flatMap((number) => {
    const source = lines[number - 1]
    return number < 1 || source === undefined ? [] : [{ number, text: source.replace(/\r$/, '') }]
  })
}

function byPlace(a: PlacedProblem, b: PlacedProblem): number {
  if (a.file !== b.file || a.file === undefined) return 0
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
