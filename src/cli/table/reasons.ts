import type { CommandSpec } from '../../terminal/words.ts'
import { json } from './json.ts'

/** Decisions, reviews and what was learned. */
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
      'A decision is a YAML file in decisions/, reviewed with the code. new writes one from the template of a role and opens it in the editor on a terminal; --guide asks one question at a time instead. git prov decision roles tells what each role owes.',
      'propose, accept and reject set the status in the file and leave its comments and order as they are. A decision that is accepted marks those it supersedes.',
      "--set names a field of the file: why='…', criteria='f1 >= 0.80; how it is measured', hypotheses='…', options='…', risks='…', constraints.deadlines='…', follow_ups='what; owner; 2026-12-01', supersedes=<id>. evidence takes run:<id>, dataset:<name>, commit:<revision> or file:<path> and writes down the digest each has now. A list grows with each --set.",
      'When a decision that is no draft reaches the default branch (prov.defaultBranch, or what the remote says), its text is recorded with the commit that brought it, the pull request its message names, and who looked at it: by Reviewed-by, Acked-by and Co-authored-by, and by git prov review. Every command sees to it, and so does the hook after a pull; record does it on any checkout, for CI. supersede, withdraw and reopen are records of their own and leave the file as it is.',
      'outcome holds the criteria against runs that ended well: those named, else those the decision rests on and those made with git prov run --decision. It says of each whether the criterion came first, and is a record. Exit status 1 unless every criterion is met; then why, and what was learned, are asked for on a terminal.',
      'The id of a decision is the name of its file without date and ending.',
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
        describe: 'why it is superseded, withdrawn or reopened; a word on an outcome',
      },
      stale: { type: 'boolean', describe: 'list only decisions resting on what is no longer what it was' },
      overdue: { type: 'boolean', describe: 'list only decisions with a follow-up past its date' },
      json,
    },
    load: () => import('../../commands/decision.ts'),
  },
  {
    name: 'check',
    summary: 'hold decisions, and a change, to the rules',
    usage: [
      'check [--base <rev>] [--release <tag>] [--level info|warning|error] [--format text|json|sarif|github|gitlab] [<file>|<id>...]',
      'check --explain <rule>|rules',
    ],
    details: [
      'Looks at every decision file, or at those named, or with --base at what a pull request changed: files that differ from the merge base, and the commits since. The same on a laptop, in a hook and in CI.',
      'Each problem names file, line and column, and what to write. The policy in prov.yaml says what is owed by whom, and may turn a rule off or change what it weighs; git prov waive lets one place pass until a day.',
      'Exit status 1 when a problem weighs as much as --level (error when it is not given).',
    ],
    flags: {
      base: { type: 'string', value: 'rev', describe: 'look at what changed since the merge base with this commit' },
      release: { type: 'string', value: 'tag', describe: 'hold the approvals the policy asks of a release' },
      staged: { type: 'boolean', describe: 'look only at files the next commit changes' },
      level: { type: 'string', value: 'level', describe: 'what makes the exit status 1' },
      format: { type: 'string', value: 'form', describe: 'text, json, sarif, github or gitlab' },
      explain: {
        type: 'string',
        value: 'rule',
        describe: 'tell why there is a rule, and how to make right what breaks it',
      },
      quiet: { type: 'boolean', short: 'q', describe: 'print nothing when there is nothing to say' },
      json,
    },
    load: () => import('../../commands/check.ts'),
  },
  {
    name: 'waive',
    summary: 'let one place pass a rule of check, for a reason, until a day',
    usage: ['waive <rule> <file>|<id>|<commit>|<dataset> --why <text> --until <date>'],
    details: [
      'Writes a waiver record. Until its day, and with it, check lets the rule pass at that place and counts it; afterwards it says that the waiver has run out. The reason stays on record.',
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
      'A brief says in a few words what is intended, what it should bring and what it costs. Without words of its own it is taken from the briefs and decisions that came with the commits; exit status 1 when nothing is said yet.',
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
    summary: 'say what you think of a record, a decision or a commit',
    usage: [
      'review <id> --approve|--request-changes|--comment [-m <text>] [--line <n>] [--role <role>] [--reply <review>]',
      'review <id> [--json]',
    ],
    details: [
      'A review is a record of its own. Of a decision file it names the text by its SHA-256, so an approval holds for that text and no later one. The last approve or request-changes of a person counts; policy.approvals asks for a number by role. Without a verdict it shows what was said, as threads.',
    ],
    flags: {
      approve: { type: 'boolean', describe: 'it may stand' },
      'request-changes': { type: 'boolean', describe: 'not like this' },
      comment: { type: 'boolean', describe: 'neither; the same as -m alone' },
      message: { type: 'string', short: 'm', value: 'text', describe: 'what there is to say' },
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
      'One Markdown comment: briefs, what changed in data, environment and parameters since the common commit, the runs made on the way beside their baseline, decisions proposed, accepted and made stale, what git prov check finds missing and who owes it, and a small picture of the lineage that forges draw. It begins with a mark by which whoever posts it finds it again. action.yml and ci/gitlab.yml run it with check.',
    ],
    flags: {
      base: { type: 'string', value: 'ref', describe: 'the branch the change is to go to' },
      output: { type: 'string', short: 'o', value: 'file', describe: 'write to a file' },
      json,
    },
    load: () => import('../../commands/pr.ts'),
  },
  {
    name: 'lessons',
    summary: 'search what was learned: from runs, outcomes and decisions',
    usage: ['lessons [<word>...] [--json]'],
    details: ['Every word must be there, in any case. The newest lesson comes first.'],
    flags: { json },
    load: () => import('../../commands/lessons.ts'),
  },
]
