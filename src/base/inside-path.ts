/** Whether a path of a record stays, by what it says, below the top of the work tree and out of git's own folder. */
export function staysInside(path: string): boolean {
  if (path.startsWith('/') || /[\0\\]/.test(path)) return false
  return path.split('/').every((part) => part !== '..' && part.toLowerCase() !== '.git')
}
