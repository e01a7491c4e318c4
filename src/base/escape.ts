const unsafe =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g
const unsafeOnOneLine = /[\n\t]/g

/**
 * Makes text from a repository safe for a terminal: C0 (except newline and tab), DEL, C1 and the bidirectional
 * controls (Unicode UAX #9) become \xNN or \u{NNNN}.
 */
export function escapeText(text: string): string {
  return text.replace(unsafe, visible)
}

/** Like escapeText, on one line: newline and tab are escaped too. */
export function escapeLine(text: string): string {
  return escapeText(text).replace(unsafeOnOneLine, (character) => (character === '\n' ? '\\n' : '\\t'))
}

function visible(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
