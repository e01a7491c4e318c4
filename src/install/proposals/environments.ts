import { statSync } from 'node:fs'
import { join } from 'node:path'

/** Virtual environments and lock files at the top. */
export function environments(top: string, files: readonly string[]): string[] {
  const venvs = ['.venv', 'venv', 'env'].filter((name) =>
    statSync(join(top, name, 'pyvenv.cfg'), { throwIfNoEntry: false }),
  )
  const locks = files.filter((path) =>
    /^(uv\.lock|poetry\.lock|requirements[\w.-]*\.txt|environment\.ya?ml|renv\.lock|Manifest\.toml|package-lock\.json|Pipfile\.lock)$/.test(
      path,
    ),
  )
  return [...venvs, ...locks]
}
