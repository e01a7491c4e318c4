import { existsSync, writeFileSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { splitPath } from '../collect/datasets/glob.ts'
import { configName, readConfigText } from '../config/config-file.ts'
import { addDataset, removeDataset, writeConfig } from '../config/edit-config.ts'

/** The folder a path was typed in, and the repository it belongs to. */
interface Where {
  cwd: string
  /** The top of the work tree. */
  top: string
}

/**
 * Writes a dataset into prov.yaml, creating the file if needed. Returns its path from the top. Throws `usage`,
 * `config`.
 */
export async function declareDataset({ cwd, top }: Where, name: string, typed: string): Promise<string> {
  const path = fromTop({ cwd, top }, typed)
  const file = join(top, configName)
  const text = existsSync(file)
    ? readConfigText(file)
    : await writeConfig({ datasets: [], parameters: [], metrics: [] })
  const edited = await addDataset(text, { name, path })
  const { base } = splitPath(path)
  if (!existsSync(join(top, base)) && !existsSync(join(top, `${path}.dvc`)))
    throw new ProvError('config', `there is nothing at '${path}'`, { hint: 'create it first, or check the spelling' })
  writeFileSync(file, edited)
  return path
}

/** Removes a dataset from prov.yaml; its records stay. Throws `usage`. */
export async function undeclareDataset(top: string, name: string): Promise<void> {
  const file = join(top, configName)
  if (!existsSync(file)) throw new ProvError('usage', `there is no ${configName}`, { hint: 'git prov init' })
  writeFileSync(file, await removeDataset(readConfigText(file), name))
}

/** A path as typed, made relative to the top of the work tree. */
function fromTop({ cwd, top }: Where, typed: string): string {
  const path = relative(top, isAbsolute(typed) ? typed : resolve(cwd, typed)) || '.'
  if (path.startsWith('..'))
    throw new ProvError('usage', `'${typed}' is outside the work tree`, { hint: `a dataset must be inside ${top}` })
  return path
}
