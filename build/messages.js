// npm run messages: every sentence a user can read, once, with its file and line.
// npm run messages -- 'words they saw': where these are made. --json prints JSON, --schemas has the descriptions of the schemas, too.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { listMessages } from './messages/list.js'
import { findMessages } from './messages/search.js'

const root = resolve(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, schemas: { type: 'boolean' } },
})
const all = listMessages(root, { withSchemas: values.schemas })
const messages = positionals.length > 0 ? findMessages(all, positionals.join(' ')) : all

if (values.json) console.log(JSON.stringify(messages, null, 2))
else for (const message of messages) console.log(lineOf(message))
if (messages.length === 0) {
  console.error('no message has these words; try fewer of them')
  process.exitCode = 1
}

function lineOf({ text, places }) {
  const [first, ...others] = places.map(({ file, line }) => `${file}:${line}`)
  return `${first}: ${text}${others.length > 0 ? `  (also ${others.join(', ')})` : ''}`
}
