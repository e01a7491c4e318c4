import type { CommandSpec } from '../../terminal/words.ts'
import { identity } from './identity.ts'
import { json } from './json.ts'

/** Commands that read what was recorded. */
export const historyCommands: readonly CommandSpec[] = [
  {
    name: 'log',
    summary: "git's log, with what was recorded of each commit",
    usage: ['log [--changed env|data|<dataset>] [--json] [<options and ranges of git log>]'],
    details: [
      'Takes what git log takes: ranges, -n, --since, --author, --all, --graph, --oneline, -p, --stat, -- <path>. It shows what changed since the commit before.',
      'A commit without a capture of its own is shown with that of the commit it was rewritten from, or of one with the same tree, and the log says which. With --oneline, = after a name means the same as before, ~ changed, ? not known.',
    ],
    flags: {
      changed: { type: 'string', value: 'what', describe: 'only commits that changed env, data or a dataset' },
      json: { type: 'boolean', describe: 'print one JSON object per line' },
    },
    load: () => import('../../commands/log.ts'),
  },
  {
    name: 'show',
    summary: 'show what was recorded of a commit, a run or any record',
    usage: ['show [<commit>|<run>|<id>] [--identity <file>] [--json]'],
    details: [
      'An id may be shortened to four or more digits. A run may be named by any of its records, its runId or its name; it is shown with its replays and notes.',
      'What policy.restricted of prov.yaml encrypts is shown to whoever has a key (--identity, prov.identity), and an access record is written; others see who can read it.',
    ],
    flags: { identity, json },
    load: () => import('../../commands/show.ts'),
  },
  {
    name: 'diff',
    summary: 'show packages, hardware, files and parameters that differ',
    usage: ['diff [<commit>|<run> [<commit>|<run>]]', 'diff <commit>..<commit>'],
    details: [
      'Without arguments, what HEAD changed. With one commit, what changed from it to HEAD. Between two runs, their inputs, outputs and code as well: uncommitted work counts, by its snapshot.',
    ],
    flags: { json, 'exit-code': { type: 'boolean', describe: 'exit status 1 when something differs' } },
    load: () => import('../../commands/diff.ts'),
  },
  {
    name: 'why',
    summary: 'show the decisions, runs and briefs behind a line or a dataset',
    usage: ['why <file>[:<line>]|<commit>|<parameter>|<dataset> [--json]'],
    details: [
      'Nearest first: what is in the commit itself, then in the merge that brought it, then in earlier commits that touched the file, the parameter or the dataset. A decision is linked by its file, by the commit it was recorded at, or by evidence that names the subject. Exit status 1 when there are only commits to show.',
    ],
    flags: { json },
    load: () => import('../../commands/why.ts'),
  },
  {
    name: 'trace',
    summary: 'draw what a file was made from, and what was made from it',
    usage: ['trace <file>|<digest>|<run> [--up] [--down] [--depth <number>] [--json]'],
    details: [
      'Runs are chained by the digests they share, without a pipeline file: what one made, another used. --up goes to what it was made from, --down to what was made from it; without either, both. A file is taken as it is now; when no run knows that content, the last known one is traced, and the difference reported. Files that are missing now, or stale (their content has changed), are marked.',
    ],
    flags: {
      up: { type: 'boolean', describe: 'what it was made from' },
      down: { type: 'boolean', describe: 'what was made from it' },
      depth: { type: 'string', value: 'number', describe: 'how many runs deep (default: 50)' },
      json,
    },
    load: () => import('../../commands/trace.ts'),
  },
  {
    name: 'impact',
    summary: 'list what rests on earlier versions of a dataset',
    usage: ['impact <dataset>[@<old>[..<new>]] [--json]'],
    details: [
      'Runs are chained by the digests of what they used and made. Without <old>, every version of the dataset other than that of HEAD. A release is a tag of a commit captured with the old data. Exit status 1 when something rests on it.',
    ],
    flags: { json },
    load: () => import('../../commands/impact.ts'),
  },
]
