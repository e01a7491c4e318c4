const prefixes = /^(error|hint|prov|warning|remote|fatal): +/i

/**
 * The messages that what somebody saw can be, the likeliest first. Where a message has a placeholder, what was seen may
 * have anything. What was seen may be a part of a message, or a message among other words.
 */
export function findMessages(messages, seen) {
  const words = tidy(seen).replace(prefixes, '').replace(prefixes, '')
  if (words === '') return []
  const rated = messages
    .map((message) => ({ message, score: Math.max(scoreInside(message.text, words), scorePart(message.text, words)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  return rated.filter(({ score }) => score >= rated[0].score * 0.6).map(({ message }) => message)
}

const anything = ''
const tidy = (text) => text.replace(/\s+/g, ' ').trim()
const letters = (text) => text.replace(/[^\p{L}\d]/gu, '').length
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The fixed texts of a message, between its placeholders; `run(s)` is both run and runs. */
const fixedParts = (text) => text.replace(prefixes, '').split(/<[^<>]*>|\(s\)/)

/** How many letters of a message stand in the words, when all of it does; else 0. */
function scoreInside(text, words) {
  const parts = fixedParts(text).map(tidyEnds)
  if (!parts.every((part) => words.toLowerCase().includes(part.toLowerCase()))) return 0
  const pattern = parts.map(escaped).join('.*?')
  const edges = [
    /^[\p{L}\d]/u.test(pattern) ? '(?<![\\p{L}\\d])' : '',
    /[\p{L}\d]$/u.test(pattern) ? '(?![\\p{L}\\d])' : '',
  ]
  return new RegExp(`${edges[0]}${pattern}${edges[1]}`, 'iu').test(words) ? letters(parts.join('')) : 0
}

/** A placeholder can be empty, and then the spaces around it are one. */
const tidyEnds = (part, index, { length }) =>
  index === 0 ? part.trimStart() : index === length - 1 ? part.trimEnd() : part

/**
 * How many letters of the words stand in a message, when all of them do; else 0. `ends` has, for each place in the message
 * at which what was read so far can end, how many letters were the message's own and not a placeholder's, or -1.
 */
function scorePart(text, words) {
  const tokens = fixedParts(text.toLowerCase()).flatMap((part, index) => [...(index > 0 ? [anything] : []), ...part])
  let ends = new Int16Array(tokens.length + 1)
  for (const letter of words.toLowerCase()) {
    const own = letters(letter)
    const next = new Int16Array(tokens.length + 1).fill(-1)
    for (let at = 0; at < tokens.length; at++) {
      if (ends[at] < 0) continue
      const after = tokens[at] === anything ? at + 1 : at
      if (after > at) next[at] = Math.max(next[at], ends[at])
      if (tokens[after] === letter) next[after + 1] = Math.max(next[after + 1], ends[at] + own)
    }
    ends = next
  }
  const best = Math.max(...ends)
  return best * 2 >= letters(words) ? best : 0
}
