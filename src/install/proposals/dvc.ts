import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseOutputs } from '../../collect/datasets/dvc.ts'
import type { Found } from './found.ts'

/** The outputs of DVC's stages and the files it tracks. */
export async function dvcOutputs(top: string, files: readonly string[]): Promise<Found[]> {
  const found: Found[] = []
  for (const file of files) {
    const lock = /(^|\/)dvc\.lock$/.test(file)
    if (!lock && !file.endsWith('.dvc')) continue
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : ''
    try {
      const outputs = await parseOutputs(readFileSync(join(top, file), 'utf8'))
      // Small text outputs of a stage are metrics and plots; its data and models matter here.
      found.push(
        ...outputs
          .filter(({ path }) => !/\.(json|ya?ml|csv|tsv|png|svg|html|txt|md)$/.test(path) || !lock)
          .map(({ path }) => ({ path: clean(folder + path), because: `DVC output (${file})` })),
      )
    } catch {
      // deleted meanwhile
    }
  }
  return found
}

const clean = (path: string) => path.replace(/\/+$/, '').replace(/(^|\/)\.\//g, '$1')
