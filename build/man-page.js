// Writes dist/git-prov.1 from the command table: the page `git prov --help` opens (mdoc(7)).
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The command table as data; what it would load stays unloaded. */
async function readTable() {
  const result = await build({
    stdin: { contents: "export { commands } from './src/cli/table.ts'", resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    plugins: [
      {
        name: 'unloaded',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path }) =>
            kind === 'dynamic-import' ? { path, external: true } : undefined,
          ),
      },
    ],
  })
  const { commands } = await import(`data:text/javascript,${encodeURIComponent(result.outputFiles[0].text)}`)
  return commands.filter((command) => !command.hidden)
}

const troff = (text) =>
  text
    .replaceAll('\\', '\\e')
    .replace(/^([.'])/gm, '\\&$1')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
// One sentence a line, as mdoc wants it.
const sentences = (text) => troff(text).replace(/([.:;?]) (?=[A-Z])/g, '$1\n')

function commandSection({ name, summary, usage, details = [], flags = {} }) {
  const lines = [
    `.Ss git prov ${name}`,
    `${sentences(`${summary[0].toUpperCase()}${summary.slice(1)}.`)}`,
    '.Bd -literal -offset indent',
  ]
  lines.push(...usage.map((line) => troff(`git prov ${line}`)), '.Ed')
  for (const text of details) lines.push('.Pp', sentences(text))
  const entries = Object.entries(flags)
  if (entries.length > 0) lines.push('.Bl -tag -width Ds')
  for (const [flag, { type, short, value, describe }] of entries) {
    const long = `--${flag}${type === 'string' ? ` <${value ?? 'value'}>` : ''}`
    lines.push(
      `.It ${troff(short ? `-${short}, ${long}` : long)}`,
      `${troff(`${describe[0].toUpperCase()}${describe.slice(1)}.`)}`,
    )
  }
  if (entries.length > 0) lines.push('.El')
  return lines.join('\n')
}

/** prov.yaml, from the schema that holds it. */
function configSection() {
  const { properties } = JSON.parse(readFileSync(join(root, 'schemas/config.v1.schema.json'), 'utf8'))
  const rows = []
  const add = (name, { description, properties: inner, items }) => {
    if (description) rows.push(`.It ${troff(name)}`, sentences(description))
    for (const [key, member] of Object.entries(inner ?? items?.properties ?? {}))
      add(`${name}${items ? '[]' : ''}.${key}`, member)
  }
  for (const [name, member] of Object.entries(properties)) add(name, member)
  return ['.Bl -tag -width Ds', ...rows, '.El'].join('\n')
}

const commands = await readTable()
const page = `.Dd $Mdocdate$
.Dt GIT-PROV 1
.Os
.Sh NAME
.Nm git-prov
.Nd every commit carries its environment and its data
.Sh SYNOPSIS
.Nm git
.Ar prov
.Ar command
.Op Ar options
.Sh DESCRIPTION
Records, inside a git repository, the environment, the data and the parameters every commit was made with, and says what changed.
Records are JSON files on the branch
.Em prov ,
indexed by notes in
.Pa refs/notes/prov .
.Pp
A file on the branch is named by the SHA\\-256 of its bytes; the branch holds the JSON schemas and a README that says how to check it without this tool.
.Sh COMMANDS
${commands.map(commandSection).join('\n')}
.Sh CONFIGURATION
.Ss prov.yaml
At the top of the work tree, reviewed with the code.
${configSection()}
.Ss git configuration
.Bl -tag -width Ds
.It prov.branch , prov.notes
Names of the branch and of the notes; both
.Em prov
by default.
.It prov.quiet
No line after a commit.
.It prov.remote
A remote that may get provenance.
.It prov.role
The role of decision files written in this clone.
.It prov.since
Seconds since the epoch; commits of this clone made after it are captured. Written by init.
.El
.Sh ENVIRONMENT
.Bl -tag -width Ds
.It Ev GIT_PROV_DEBUG
1 shows the stack of an error.
.It Ev NO_COLOR
No colours; otherwise git's color.ui and color.prov decide.
.El
.Sh EXIT STATUS
0 done, 1 the answer is no (findings, differences), 2 the user can fix it, 70 a bug in git\\-prov.
.Sh SEE ALSO
.Xr git-log 1 ,
.Xr git-notes 1 ,
.Xr sha256sum 1
`
writeFileSync(
  join(root, 'dist/git-prov.1'),
  page.replace(
    '$Mdocdate$',
    new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 1_795_000_000) * 1000).toLocaleDateString('en-US', {
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      timeZone: 'UTC',
    }),
  ),
)
