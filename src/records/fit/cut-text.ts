/** A digest, pseudonym or placeholder at the end: cut in half, it would mean something else. */
const open = /(?:<[a-z-]*(?::[0-9a-f]*)?|(?<![0-9a-z])[0-9a-f]{12,})$/i

/** How many characters a text has, as JSON Schema counts them (RFC 8259, section 7: a surrogate pair is one). */
export function countCharacters(text: string): number {
  let count = text.length
  for (let at = 0; at < text.length - 1; at++) if (isPair(text, at)) count -= 1
  return count
}

/** The beginning of a text, of at most `most` characters: no surrogate pair and no digest is cut in two. */
export function cutText(text: string, most: number): string {
  let end = 0
  for (let count = 0; count < most && end < text.length; count++) end += isPair(text, end) ? 2 : 1
  if (end === text.length) return text
  const cut = text.slice(0, end)
  const part = /[0-9a-f>]/i.test(text[end] ?? '') ? cut.match(open) : null
  return part && part.index !== undefined && part.index > 0 ? cut.slice(0, part.index) : cut
}

function isPair(text: string, at: number): boolean {
  const [first, second] = [text.charCodeAt(at), text.charCodeAt(at + 1)]
  return first >= 0xd800 && first < 0xdc00 && second >= 0xdc00 && second < 0xe000
}
