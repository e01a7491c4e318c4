// Trains a classifier of penguin species: multinomial logistic regression by gradient descent.
// Reads data/*.csv and params.json, writes metrics.json and model.json. The same input gives the same bytes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fitFeatures } from 'penguin-features'

const params = JSON.parse(readFileSync('params.json', 'utf8'))

function readRows(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .flatMap((name) => {
      const [head, ...lines] = readFileSync(`${folder}/${name}`, 'utf8').trim().split('\n')
      const columns = head.split(',')
      return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [columns[i], cell])))
    })
}

// Mulberry32: a small generator with a seed, so that a split can be made again.
function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function shuffle(rows, next) {
  const shuffled = [...rows]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]]
  }
  return shuffled
}

const softmax = (scores) => {
  const top = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - top))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0)

const isWhole = (row) => Number(row.bill_length_mm) > 0 && Number(row.body_mass_g) > 0
const rows = shuffle(readRows('data').filter(isWhole), random(params.seed))
const split = Math.floor(rows.length * 0.7)
const [train, test] = [rows.slice(0, split), rows.slice(split)]
const species = ['Adelie', 'Chinstrap', 'Gentoo']
const features = fitFeatures(train)
const inputs = train.map((row) => [1, ...features(row)])
const weights = species.map(() => inputs[0].map(() => 0))

for (let epoch = 0; epoch < params.epochs; epoch++) {
  const gradients = weights.map((row) => row.map(() => 0))
  for (const [n, input] of inputs.entries()) {
    const chances = softmax(weights.map((row) => dot(row, input)))
    for (const [k, chance] of chances.entries()) {
      const error = chance - (train[n].species === species[k] ? 1 : 0)
      for (const [i, value] of input.entries()) gradients[k][i] += error * value
    }
  }
  for (const [k, row] of weights.entries()) {
    for (const i of row.keys()) row[i] -= (params.learning_rate * gradients[k][i]) / inputs.length
  }
}

const guesses = test.map((row) => {
  const scores = weights.map((one) => dot(one, [1, ...features(row)]))
  return species[scores.indexOf(Math.max(...scores))]
})
const right = guesses.filter((guess, n) => guess === test[n].species).length
const f1 = species.map((name) => {
  const hits = guesses.filter((guess, n) => guess === name && test[n].species === name).length
  const guessed = guesses.filter((guess) => guess === name).length
  const present = test.filter((row) => row.species === name).length
  return hits === 0 ? 0 : (2 * hits) / (guessed + present)
})
const round = (value) => Math.round(value * 1e4) / 1e4
const metrics = {
  accuracy: round(right / test.length),
  f1_macro: round(f1.reduce((a, b) => a + b, 0) / f1.length),
  rows: rows.length,
}
writeFileSync('metrics.json', `${JSON.stringify(metrics, null, 2)}\n`)
writeFileSync('model.json', `${JSON.stringify({ species, weights })}\n`)
console.log(
  `trained on ${train.length} penguins: accuracy ${metrics.accuracy}, macro f1 ${metrics.f1_macro} on ${test.length} others`,
)
