/** How many terminal columns a text takes. */
export type TextWidth = (text: string) => number

const narrow = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u00ff]*$/

/**
 * Measures texts as terminals draw them: graphemes, wide characters and emoji (UAX #11, #29). The library is loaded only
 * when a text needs it: initialising its segmenter takes a third as long as starting node.
 */
export async function textWidth(texts: Iterable<string>): Promise<TextWidth> {
  for (const text of texts) if (!narrow.test(text)) return (await import('string-width')).default
  return (text) => text.length
}
