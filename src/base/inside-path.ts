/** Whether a path in a record stays inside the work tree and out of .git, judged by its text alone. */
export function staysInside(path: string): boolean {
  if (path.startsWith('/') || /[\0\\]/.test(path)) return false
  return path.split('/').every((part) => part !== '..' && part.toLowerCase() !== '.git')
}
