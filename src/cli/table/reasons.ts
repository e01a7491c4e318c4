import type { CommandSpec } from '../../terminal/words.ts'
import { json } from './json.ts'

/** Decisions, reviews and lessons. */
export const reasonsCommands: readonly CommandSpec[] = [
  {
    name: 'decision',
    summary: 'write, list and show decisions, and grade them by results',
    usage: [
      'decision new <title> [--role <role>] [--set <field>=<value>]... [--from <file>] [--guide] [--no-edit]',
      'decision [list] [--status <status>] [--role <role>] [--owner <name>] [--overdue] [--stale] [--json]',
      'decision show <id> [--json]',
      'decision propose|accept|reject <id>',
      'decision supersede <id> --by <id> -m <why>',
      'decision withdraw|reopen <id> -m <why>',
      'decision record [--json]',
      'decision outcome <id> [--run <run>]... [--failure <text>] [--lesson <text>] [-m <text>] [--json]',
      'decision roles [--json]',
    ],
    details: [
      'A decision is a YAML file in decisions/, reviewed with the code. new writes one from the template of a role and opens it in the editor on a terminal; --guide asks one question at a time instead. git prov decision roles lists the fields each role requires.',
      'propose, accept and reject set the status in the file and leave its comments and order as they are. A decision that is accepted marks those it supersedes.',
      "--set names a field of the file: why='…', criteria='f1 >= 0.80; how it is measured', hypotheses='…', options='…', risks='…', constraints.deadlines='…', follow_ups='what; owner; 2026-12-01', supersedes=<id>. evidence takes run:<id>, dataset:<name>, commit:<revision> or file:<path> and writes down the digest each has now. A list grows with each --set.",
      'When a decision that is not a draft reaches the default branch (prov.defaultBranch, or that of the remote), its text is recorded with the commit that added it, the pull request named in the commit message, and who reviewed it: from Reviewed-by, Acked-by and Co-authored-by, and from git prov review. git prov log, runs, compare, trace, lessons, note and sync do this, and so does the hook after a pull; record does it on any checkout, for CI. supersede, withdraw and reopen are records of their own and leave the file as it is.',
      'outcome checks the criteria against runs that succeeded: those named, else those in the evidence and those made with git prov run --decision. For each it says whether the criterion was set before the run, and the answer is recorded. Exit status 1 unless every criterion is met; on a terminal it then asks why, and what was learned.',
      'The id of a decision is the name of its file without the date and the extension.',
    ],
    flags: {
      role: { type: 'string', value: 'role', describe: 'the role it is written in; git config prov.role otherwise' },
      set: { type: 'string', multiple: true, value: 'field=value', describe: 'fill in a field' },
      from: {
        type: 'string',
        value: 'file',
        describe: 'take fields from a YAML or JSON file, or from - (standard input)',
      },
      guide: { type: 'boolean', describe: 'ask for each field of the role, one at a time' },
      'no-edit': { type: 'boolean', describe: 'do not open the editor' },
      status: { type: 'string', value: 'status', describe: 'list only decisions of this status' },
      owner: {
        type: 'string',
        value: 'name',
        describe: 'list only decisions decided by, or with a follow-up of, this person',
      },
      run: { type: 'string', multiple: true, value: 'run', describe: 'a run that answers the criteria' },
      failure: { type: 'string', value: 'text', describe: 'why it did not turn out as hoped' },
      lesson: { type: 'string', value: 'text', describe: 'what was learned' },
      by: { type: 'string', value: 'id', describe: 'the decision that takes its place' },
      message: {
        type: 'string',
        short: 'm',
        value: 'why',
        describe: 'why it is superseded, withdrawn or reopened; a comment on an outcome',
      },
      stale: { type: 'boolean', describe: 'list only decisions whose evidence has changed' },
      overdue: { type: 'boolean', describe: 'list only decisions with a follow-up past its date' },
      json,
    },
    load: () => import('../../commands/decision.ts'),
  },
  {
    name: 'check',
    summary: 'check decisions, and a change, against the rules',
    usage: [
      'check [--base <rev>] [--release <tag>] [--level info|warning|error] [--format text|json|sarif|github|gitlab] [<file>|<id>...]',
      'check --explain <rule>|rules',
    ],
    details: [
      'Checks every decision file, or those named, or with --base what a pull request changed: files that differ from the merge base, and the commits since. It works the same on a laptop, in a hook and in CI.',
      'Each problem names file, line and column, and what to write. The policy in prov.yaml says who has to provide what, and may turn a rule off or change its level; git prov waive exempts one place until a date.',
      'Exit status 1 when the level of a problem is --level (error by default) or higher.',
    ],
    flags: {
      base: { type: 'string', value: 'rev', describe: 'check what changed since the merge base with this commit' },
      release: { type: 'string', value: 'tag', describe: 'check the approvals the policy asks of a release' },
      staged: { type: 'boolean', describe: 'check only files staged for the next commit' },
      level: { type: 'string', value: 'level', describe: 'lowest level of a problem that makes the exit status 1' },
      format: { type: 'string', value: 'form', describe: 'text, json, sarif, github or gitlab' },
      explain: {
        type: 'string',
        value: 'rule',
        describe: 'explain why there is a rule, and how to fix what breaks it',
      },
      quiet: { type: 'boolean', short: 'q', describe: 'print nothing when there is no problem' },
      json,
    },
    load: () => import('../../commands/check.ts'),
  },
  {
    name: 'waive',
    summary: 'exempt one place from a rule of check until a date',
    usage: ['waive <rule> <file>|<id>|<commit>|<dataset> --why <text> --until <date>'],
    details: [
      'Writes a waiver record. Up to and including that date, check skips the rule at that place and counts it as waived; afterwards it reports that the waiver has run out. The reason stays on record.',
    ],
    flags: {
      why: { type: 'string', value: 'text', describe: 'the reason' },
      until: { type: 'string', value: 'date', describe: 'the last day it holds: 2026-12-01' },
    },
    load: () => import('../../commands/waive.ts'),
  },
  {
    name: 'brief',
    summary: 'write or show the short brief of a commit or a pull request',
    usage: [
      'brief [<commit>|<range>] [--json]',
      'brief [<commit>|<range>] --outcome <text> [--impact <text>] [--trade-offs <text>]',
      'brief [<commit>|<range>] --write',
    ],
    details: [
      'A brief says in a few words what is intended, what it should improve and what it costs. Without options, shows the brief of the commits, or puts one together from the briefs and decisions that came with them; exit status 1 when there is none yet.',
      '--outcome writes one as a record about the commit, or about all commits of the range; --write asks for each part on a terminal.',
    ],
    flags: {
      outcome: { type: 'string', value: 'text', describe: 'what is intended' },
      impact: { type: 'string', value: 'text', describe: 'what gets better, for whom, by how much' },
      'trade-offs': { type: 'string', value: 'text', describe: 'what gets worse, and is accepted' },
      write: { type: 'boolean', short: 'w', describe: 'ask for each part that is not given' },
      json,
    },
    load: () => import('../../commands/brief.ts'),
  },
  {
    name: 'review',
    summary: 'approve or comment on a record, a decision or a commit',
    usage: [
      'review <id> --approve|--request-changes|--comment [-m <text>] [--line <n>] [--role <role>] [--reply <review>]',
      'review <id> [--json]',
    ],
    details: [
      'A review is a record of its own. For a decision file it names the text by its SHA-256, so an approval is for that text and no later one. The last approve or request-changes of a person counts; policy.approvals asks for a number by role. Without a verdict it shows what was said, as threads.',
    ],
    flags: {
      approve: { type: 'boolean', describe: 'approve it' },
      'request-changes': { type: 'boolean', describe: 'ask for changes; -m says which' },
      comment: { type: 'boolean', describe: 'comment only; the same as -m alone' },
      message: { type: 'string', short: 'm', value: 'text', describe: 'the text of the review' },
      line: { type: 'string', value: 'n', describe: 'the line of a decision file it is about' },
      role: { type: 'string', value: 'role', describe: 'the role you review in' },
      reply: { type: 'string', value: 'review', describe: 'the review this answers' },
      json,
    },
    load: () => import('../../commands/review.ts'),
  },
  {
    name: 'pr',
    summary: 'write one comment on a pull request',
    usage: ['pr --base <ref> [-o <file>] [--json]'],
    details: [
      'One Markdown comment: briefs, what changed in data, environment and parameters since the common commit, the runs made on the way beside their baseline, decisions proposed, accepted and made stale, what git prov check finds missing and who has to provide it, and a small diagram of the lineage (Mermaid, which forges draw). It begins with a marker, so that the comment can be found and updated. action.yml and ci/gitlab.yml run it with check.',
    ],
    flags: {
      base: { type: 'string', value: 'ref', describe: 'the branch to merge into' },
      output: { type: 'string', short: 'o', value: 'file', describe: 'write to a file' },
      json,
    },
    load: () => import('../../commands/pr.ts'),
  },
  {
    name: 'lessons',
    summary: 'search the lessons of runs, outcomes and decisions',
    usage: ['lessons [<word>...] [--json]'],
    details: ['Every word must occur, in upper or lower case. The newest lesson comes first.'],
    flags: { json },
    load: () => import('../../commands/lessons.ts'),
  },
]
