import { gitFailed, type Place, tryGit } from '../run.ts'

/** The commit that last changed a line (git-blame(1), porcelain), and the line's position there. */
export interface BlamedLine {
  /** Undefined for a line that is not committed yet. */
  commit: string | undefined
  line: number
  text: string
}

/** Blames one line of a file in the work tree. `file` is relative to the top. Throws `git` when git cannot tell. */
export function blameLine(place: Place, file: string, line: number): BlamedLine {
  const args = ['blame', '--porcelain', '-L', `${line},${line}`, '--', file]
  const result = tryGit(place, args)
  if (result.status !== 0) throw gitFailed(args, result.stderr)
  const lines = result.stdout.toString('utf8').split('\n')
  const [commit = '', before = ''] = (lines[0] ?? '').split(' ')
  const text = lines.find((one) => one.startsWith('\t'))?.slice(1) ?? ''
  return { commit: /^0+$/.test(commit) ? undefined : commit, line: Number(before), text }
}
