import type { Context } from '../context.ts'
import { cleanEnvironment } from '../git/environment.ts'

/** The demo's own author, with nothing from the user's git configuration. */
export function demoEnvironment({ env }: Context): Record<string, string> {
  const clean: Record<string, string> = { ...cleanEnvironment(env), PATH: env.PATH ?? '' }
  for (const role of ['AUTHOR', 'COMMITTER']) {
    clean[`GIT_${role}_NAME`] = 'Demo'
    clean[`GIT_${role}_EMAIL`] = 'demo@example.org'
  }
  for (const name of ['GIT_PROV_IN_HOOK', 'GIT_OPTIONAL_LOCKS']) delete clean[name]
  clean.GIT_CONFIG_GLOBAL = '/dev/null'
  clean.GIT_PAGER = 'cat'
  return clean
}
