// npm run bench [-- <group>...] [--json]: every figure is a ratio or a limit, measured in this run.
import { rmSync } from 'node:fs'
import { work } from './fixtures.js'
import { groups } from './groups.js'
import { renderRows } from './table.js'

const words = process.argv.slice(2)
const json = words.includes('--json')
const wanted = words.filter((word) => !word.startsWith('--'))
const unknown = wanted.find((word) => !Object.hasOwn(groups, word))
if (unknown) {
  console.error(`error: there is no group '${unknown}'\nhint:  there are: ${Object.keys(groups).join(', ')}`)
  process.exitCode = 2
} else {
  const rows = []
  try {
    for (const [name, measure] of Object.entries(groups)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      if (!json) console.error(`measuring ${name} …`)
      rows.push(...(await measure()))
    }
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 })
  }
  console.log(json ? JSON.stringify(rows, null, 2) : renderRows(rows))
}
