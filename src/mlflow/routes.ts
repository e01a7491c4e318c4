import { artifacts } from './artifacts.ts'
import { MlflowError } from './error.ts'
import { experiments } from './experiments.ts'
import { loggedModels } from './logged-models.ts'
import { metrics } from './metrics.ts'
import { modelVersions } from './model-versions.ts'
import { registeredModels } from './registered-models.ts'
import type { Handler, Routes } from './route.ts'
import { runs } from './runs.ts'

const routes: Routes = {
  ...experiments,
  ...runs,
  ...metrics,
  ...artifacts,
  ...loggedModels,
  ...registeredModels,
  ...modelVersions,
}
const patterns = Object.entries(routes)
  .filter(([route]) => route.includes('{}'))
  .map(([route, handler]) => ({ pattern: new RegExp(`^${route.replaceAll('{}', '([^/]+)')}$`), handler }))

/** The handler of a method and a path below /api/2.0/mlflow/, with the ids in the path. Throws ENDPOINT_NOT_FOUND. */
export function findRoute(method: string, path: string): { handler: Handler; ids: string[] } {
  const route = `${method} ${path}`
  if (Object.hasOwn(routes, route) && !route.includes('{')) return { handler: routes[route] as Handler, ids: [] }
  for (const { pattern, handler } of patterns) {
    const match = pattern.exec(route)
    if (match) return { handler, ids: match.slice(1).map(decodeId) }
  }
  throw new MlflowError('ENDPOINT_NOT_FOUND', `git-prov does not serve ${method} ${path.slice(0, 200)}`)
}

function decodeId(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new MlflowError('BAD_REQUEST', 'the path is not well-formed')
  }
}
