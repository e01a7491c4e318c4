import type { CheckRule } from '../../decisions/model/problem.ts'

export const schema: CheckRule = {
  name: 'schema',
  level: 'error',
  summary: 'a decision file follows its schema',
  explain:
    'A decision file is YAML that decision-file.v1.schema.json describes: known members, each of its type, no tabs, no aliases, no member twice. The message names line and column, what was expected and what to write. An editor with a YAML language server says the same while you type, since the first line of a new file names the schema beside it.',
  check: ({ drafts }) =>
    drafts.flatMap(({ file, problems }) => problems.map((problem) => ({ where: file, file, ...problem }))),
}
