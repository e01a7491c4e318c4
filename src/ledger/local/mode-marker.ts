import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalDir } from './local-dir.ts'

/** Keeps `background` in the local folder in step with prov.yaml: while it is there, the hook scripts do not wait for node. */
export function keepModeMarker(local: LocalDir, mode: 'wait' | 'background'): void {
  const marker = join(local.path, 'background')
  if ((mode === 'background') === existsSync(marker)) return
  if (mode === 'wait') rmSync(marker, { force: true })
  else {
    mkdirSync(local.path, { recursive: true })
    writeFileSync(marker, '')
  }
}
