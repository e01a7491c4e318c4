import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Context } from '../context.ts'
import type { HookPlace } from './hook-script.ts'

/** Where the hook scripts find us. hook.cjs is in the same folder as the running command. */
export function hookPlace(context: Context): HookPlace {
  const { workTree } = context.repository()
  const attributes = workTree ? join(workTree, '.gitattributes') : ''
  const lfs = existsSync(attributes) && /filter=lfs/.test(readFileSync(attributes, 'utf8'))
  return { node: process.execPath, hook: join(dirname(realpathSync(context.program)), 'hook.cjs'), lfs }
}
