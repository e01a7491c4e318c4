/** git's own default colours (git-config(1), color.diff and color.decorate), or no colour at all. */
export interface Paint {
  commit(text: string): string
  label(text: string): string
  good(text: string): string
  bad(text: string): string
  dim(text: string): string
  strong(text: string): string
}

export function painter(colour: boolean): Paint {
  const sgr = (code: string) => (text: string) => (colour && text ? `\x1b[${code}m${text}\x1b[m` : text)
  return { commit: sgr('33'), label: sgr('36'), good: sgr('32'), bad: sgr('31'), dim: sgr('2'), strong: sgr('1') }
}
