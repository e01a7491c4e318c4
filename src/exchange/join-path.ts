/**
 * `a/b` and `../c` give `a/c`. Absolute paths and URLs are returned unchanged; a `..` that leaves the work tree is
 * kept.
 */
export function joinPath(folder: string, path: string): string {
  if (/^([A-Za-z][\w+.-]*:|[/\\])/.test(path)) return path
  const parts: string[] = []
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/') || '.'
}
