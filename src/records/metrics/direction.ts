const less = new Set(['loss', 'logloss', 'error', 'mse', 'rmse', 'mae'])
const more = new Set(['accuracy', 'f1', 'auc', 'precision', 'recall', 'r2', 'score'])
/** Words that may follow the decisive one: f1_macro, accuracy@5, error_rate. */
const trailing =
  /^(score|rate|macro|micro|weighted|samples|mean|avg|best|last|train|val|valid|validation|test|at|k|\d+)$/

/**
 * Which direction is better, for names with a settled meaning in the field (loss, rmse, accuracy, f1, …); undefined for
 * any other. For scikit-learn's neg_… scores, higher is better.
 */
export function guessDirection(name: string): 'maximize' | 'minimize' | undefined {
  const words = name
    .slice(0, 256)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  const known = lastKnown(words)
  if (known === undefined) return undefined
  if (more.has(known)) return 'maximize'
  return words.includes('neg') ? 'maximize' : 'minimize'
}

function lastKnown(words: readonly string[]): string | undefined {
  for (let index = words.length - 1; index >= 0; index--) {
    const word = words[index] as string
    const specific =
      word === 'score' ? words.slice(0, index).findLast((before) => less.has(before) || more.has(before)) : undefined
    if (less.has(word) || more.has(word)) return specific ?? word
    if (!trailing.test(word)) return undefined
  }
  return undefined
}
