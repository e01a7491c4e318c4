import { formatCount } from '../base/quantity.ts'
import type { Context } from '../context.ts'

/** Shows a count of files on a terminal after the first second. A negative count clears the line. */
export function countProgress({ stderr, now }: Context, doing: string): (done: number) => void {
  const start = now().getTime()
  return (done) => {
    if (!stderr.isTTY || now().getTime() - start < 1000) return
    stderr.write(done < 0 ? '\r\x1b[K' : `\r${doing}  ${formatCount(done)} files\x1b[K`)
  }
}
