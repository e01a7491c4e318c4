import { pathText } from '../base/path-text.ts'
import type { CaptureDiff, DatasetDiff } from './capture-diff.ts'
import type { NamedSide } from './diff-side.ts'

/** The output of `diff --json`; `code` is git's diffstat. */
export function diffView(before: NamedSide, after: NamedSide, diff: CaptureDiff, code: string): object {
  return {
    from: before.run ?? before.code,
    to: after.run ?? after.code,
    ...diff,
    environment: diff.environment ?? null,
    datasets: withPaths(diff.datasets),
    outputs: withPaths(diff.outputs),
    // Lines of git's diffstat: ` train.py | 2 +-`.
    code: code.split('\n').filter(Boolean),
  }
}

function withPaths(diffs: readonly DatasetDiff[]): object[] {
  return diffs.map(({ files, ...rest }) => ({
    ...rest,
    ...(files && {
      added: files.added.map(pathText),
      removed: files.removed.map(pathText),
      modified: files.modified.map(pathText),
    }),
  }))
}
