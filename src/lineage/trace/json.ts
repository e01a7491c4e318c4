import type { RunIndex } from '../../ledger/index/runs/index.ts'
import { toRunJson } from '../runs/list.ts'
import type { FileNode, RunNode, Traced } from './walk.ts'

const fields = ['id', 'stage', 'name', 'status', 'started', 'commit', 'env'].map((root) => ({ root }))

/** The trees as drawn: files hold runs, runs hold files. `now` of a file: its digest in the work tree, or gone. */
export function traceJson(index: RunIndex, { start, up, down }: Traced, now: ReadonlyMap<string, string>): object {
  const file = ({ path, digest, runs, more }: FileNode): object => ({
    path,
    digest: digest ?? null,
    now: now.get(path) ?? null,
    runs: runs.map(run),
    ...(more > 0 && { more }),
  })
  const run = ({ row, files, cut }: RunNode): object => ({
    ...toRunJson(index, row, fields),
    files: files.map(file),
    ...(cut && { cut }),
  })
  const tree = (node: FileNode | RunNode | undefined) => node && ('row' in node ? run(node) : file(node))
  const about =
    start.row === undefined
      ? { file: start.file?.path, digest: start.file?.digest }
      : toRunJson(index, start.row, fields)
  return { start: about, notice: start.notice ?? null, up: tree(up), down: tree(down) }
}

/** Every run in some trees. */
export function rowsIn(nodes: readonly (FileNode | RunNode)[]): number[] {
  return nodes.flatMap((node) => ('row' in node ? [node.row, ...rowsIn(node.files)] : rowsIn(node.runs)))
}
