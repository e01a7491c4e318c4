import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where every test makes its folders. */
    folder: string
  }
}

/** One folder for all that the tests write, gone when the last of them has ended. */
export default function provideFolder(project: TestProject): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-prov-test-')))
  project.provide('folder', folder)
  return () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    } catch {
      // What a push left behind may still write there.
    }
  }
}
