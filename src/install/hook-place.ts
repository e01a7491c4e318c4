import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Repository } from '../git/repository.ts'
import type { HookPlace } from './hook-script.ts'

/** Where the hook scripts find us. The bundle's hook.cjs lies beside the command that runs. */
export function hookPlace(repository: Repository): HookPlace {
  const attributes = repository.workTree ? join(repository.workTree, '.gitattributes') : ''
  const lfs = existsSync(attributes) && /filter=lfs/.test(readFileSync(attributes, 'utf8'))
  return { node: process.execPath, hook: join(dirname(realpathSync(process.argv[1] as string)), 'hook.cjs'), lfs }
}
