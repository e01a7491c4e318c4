import type { CommandSpec } from './spec.ts'

const json = { type: 'boolean', describe: 'print JSON' } as const

/** Every command, in the order the help lists them. Each is loaded only when it is called. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'set up provenance in this repository or clone',
    usage: [
      'init [--yes] [--dataset <name>=<path>]... [--parameters <path>]... [--metrics <path>]...',
      'init [--remote <name>|<url>] [--no-remote] [--no-hooks] [--quiet]',
      'init --uninstall',
    ],
    details: [
      'Makes the branch prov, installs the hooks beside what is there, and writes prov.yaml after looking for data, parameters and metrics. In a clone it connects: fetching brings the branch, and the notes are rebuilt from it. Typed again it changes nothing.',
    ],
    flags: {
      yes: { type: 'boolean', short: 'y', describe: 'take what was found without asking' },
      dataset: { type: 'string', multiple: true, value: 'name=path', describe: 'a dataset, instead of what was found' },
      parameters: {
        type: 'string',
        multiple: true,
        value: 'path',
        describe: 'a parameter file, instead of what was found',
      },
      metrics: { type: 'string', multiple: true, value: 'path', describe: 'a metrics file, instead of what was found' },
      remote: {
        type: 'string',
        value: 'name|url',
        describe: 'a remote that may get provenance; an address: one for provenance alone',
      },
      'no-remote': { type: 'boolean', describe: 'choose no remote, and ask for none' },
      'no-hooks': { type: 'boolean', describe: 'leave the hooks as they are' },
      uninstall: { type: 'boolean', describe: 'put hooks, settings and files back as they were' },
      quiet: { type: 'boolean', short: 'q', describe: 'print nothing' },
    },
    load: () => import('./init.ts'),
  },
  {
    name: 'dataset',
    summary: 'add, remove, list or verify datasets',
    usage: [
      'dataset add <name> <path>',
      'dataset remove <name>',
      'dataset list [--json]',
      'dataset verify [<name>...] [--json]',
    ],
    details: [
      'A dataset is a file, a folder or a glob. Tracked data is fingerprinted as committed, other data as it lies on disk; git-lfs pointers and git-annex keys stand for their content.',
      'verify fingerprints again and compares with what HEAD recorded: exit status 1 when they differ.',
    ],
    flags: { json },
    load: () => import('./dataset.ts'),
  },
  {
    name: 'run',
    summary: 'run a command and record what it used, made and showed',
    usage: [
      'run [<options>] [--] <command> [<argument>...]',
      'run --start [<options>] [--] <command> [<argument>...]',
      'run --finish <run> [--status <number>]',
    ],
    details: [
      'The command runs as if git prov were not there: same terminal, streams, signals and exit status. What is meant by it (-m, --hypothesis, --expect) is on the branch before it starts; how it ended, what it took, made and changed when it is over, whatever its end. Its environment has a few more variables: GIT_PROV_RUN, the id of the run; GIT_PROV_EVENTS, a file to which metrics can be appended as JSON lines; and, where the user has set none, MLFLOW_TRACKING_URI, a loopback address at which MLflow logs into the record.',
      'Recorded unasked: the commit, uncommitted work (as a snapshot under refs/prov/snapshots/), the environment, the datasets of prov.yaml before and after, parameters from declared files and from the command line, seeds, files below the work tree that lay changed afterwards.',
      'For work that a queue runs: --start writes the plan and prints its id; --finish closes it, from another process or another clone that has the branch.',
    ],
    flags: {
      intent: { type: 'string', short: 'm', value: 'text', describe: 'what the run is for' },
      hypothesis: { type: 'string', value: 'text', describe: 'what is believed and is to be shown' },
      expect: { type: 'string', multiple: true, value: 'expression', describe: "e.g. 'metrics.f1 >= 0.80'" },
      baseline: { type: 'string', value: 'run|revision', describe: 'what the metrics are compared with' },
      stage: { type: 'string', value: 'name', describe: 'prepare, features, train, evaluate, …' },
      name: { type: 'string', value: 'name', describe: 'what to call this run' },
      input: { type: 'string', short: 'i', multiple: true, value: 'path', describe: 'a file, folder or glob it reads' },
      output: { type: 'string', short: 'o', multiple: true, value: 'path', describe: 'a file or folder it makes' },
      param: { type: 'string', short: 'p', multiple: true, value: 'key=value', describe: 'a parameter' },
      seed: { type: 'string', multiple: true, value: 'name=value', describe: 'a seed' },
      tag: { type: 'string', multiple: true, value: 'key[=value]', describe: 'a tag' },
      decision: { type: 'string', multiple: true, value: 'slug', describe: 'a decision the run serves' },
      metrics: {
        type: 'string',
        multiple: true,
        value: 'path',
        describe: 'a file of metrics, beside those of prov.yaml',
      },
      trace: { type: 'boolean', describe: 'see with strace which files it really reads and writes' },
      'no-snapshot': { type: 'boolean', describe: 'do not keep uncommitted work' },
      'no-mlflow': { type: 'boolean', describe: "do not serve MLflow's clients" },
      start: { type: 'boolean', describe: 'write the plan, print its id, run nothing' },
      finish: { type: 'string', value: 'run', describe: 'close a run that --start began' },
      status: { type: 'string', value: 'number', describe: 'its exit status, with --finish' },
      json: { type: 'boolean', describe: 'the last line on stderr is the record as JSON' },
      quiet: { type: 'boolean', short: 'q', describe: 'no line at the end' },
    },
    load: () => import('./run.ts'),
  },
  {
    name: 'hook',
    summary: 'called by the git hooks',
    usage: ['hook <name> [<argument>...]'],
    hidden: true,
    load: () => import('./hook.ts'),
  },
  {
    name: 'capture',
    summary: 'capture commits that have no record yet',
    usage: ['capture [<revision range>...]'],
    details: [
      'Without a range, finds the commits this clone made (its reflogs say which) that have no capture, finishes captures that are still pending, and folds what waits in the spool. With one, captures each commit in it.',
      'A capture made after its commit is marked late and claims only what the commit itself still proves: tracked data, parameters and lock files, not the environment.',
    ],
    flags: { json, quiet: { type: 'boolean', short: 'q', describe: 'print nothing' } },
    load: () => import('./capture.ts'),
  },
  {
    name: 'sync',
    summary: 'share provenance with the remotes chosen for it',
    usage: ['sync [<remote>] [--no-push] [--dry-run] [--snapshots] [--quiet] [--json]'],
    details: [
      'Fetches the branch prov and the inboxes of other clones, joins them with ours, and pushes. git push does it too, and git pull brings what others shared, unless prov.sync is manual: git config prov.sync manual. A push of code is never failed by it, and held up for two seconds at most; what takes longer goes on behind it.',
      "When others push at the same moment, sync joins what they sent and tries again; meanwhile ours lies in an inbox of this clone's own on the remote (refs/prov/inbox/<clone>), which whoever is next to sync folds in and clears. Nothing is ever force-pushed.",
      'Provenance goes only to the remotes chosen with git prov init --remote <name>, and only while they point where they pointed then; never to one that has no branch of its own yet. --dry-run says what would go where.',
    ],
    flags: {
      'no-push': { type: 'boolean', describe: 'only fetch and join' },
      'dry-run': { type: 'boolean', short: 'n', describe: 'say what would go where, and ask nobody' },
      snapshots: { type: 'boolean', describe: 'uncommitted work kept for replay (refs/prov/snapshots) too' },
      wait: { type: 'boolean', describe: 'try for a minute while the remote is away or has no branch yet' },
      quiet: { type: 'boolean', short: 'q', describe: 'print nothing unless it is kept here' },
      json,
    },
    load: () => import('./sync.ts'),
  },
  {
    name: 'log',
    summary: "git's log, with what was recorded of each commit",
    usage: ['log [--changed env|data|<dataset>] [--json] [<options and ranges of git log>]'],
    details: [
      'Takes what git log takes: ranges, -n, --since, --author, --all, --graph, --oneline, -p, --stat, -- <path>. It says what changed since the commit before.',
      'A commit without a capture of its own is shown with that of the commit it was rewritten from, or of one with the very same tree, and the log says which. With --oneline, = after a name means the same as before, ~ changed, ? not known.',
    ],
    flags: {
      changed: { type: 'string', value: 'what', describe: 'only commits that changed env, data or a dataset' },
      json: { type: 'boolean', describe: 'print one JSON object a line' },
    },
    load: () => import('./log.ts'),
  },
  {
    name: 'show',
    summary: 'show what was recorded of a commit, a run or any record',
    usage: ['show [<commit>|<run>|<id>] [--json]'],
    details: [
      'An id may be shortened to four or more digits. A run may be named by any of its records, its runId or its name; it is shown with its replays and with what was noted of it.',
    ],
    flags: { json },
    load: () => import('./show.ts'),
  },
  {
    name: 'diff',
    summary: 'show packages, hardware, files and parameters that differ',
    usage: ['diff [<commit> [<commit>]]', 'diff <commit>..<commit>'],
    details: ['Without words, what HEAD changed. With one commit, what changed from it to HEAD.'],
    flags: { json, 'exit-code': { type: 'boolean', describe: 'exit status 1 when something differs' } },
    load: () => import('./diff.ts'),
  },
  {
    name: 'decision',
    summary: 'write, list and show decisions: what was decided, why, and what would count as success',
    usage: [
      'decision new <title> [--role <role>] [--set <field>=<value>]... [--from <file>] [--guide] [--no-edit]',
      'decision [list] [--status <status>] [--role <role>] [--owner <name>] [--overdue] [--json]',
      'decision show <id> [--json]',
      'decision propose|accept|reject <id>',
      'decision supersede <id> --by <id> -m <why>',
      'decision withdraw|reopen <id> -m <why>',
      'decision record [--json]',
      'decision roles [--json]',
    ],
    details: [
      'A decision is a YAML file in decisions/, reviewed with the code. new writes one from the template of a role and opens it in the editor on a terminal; --guide asks one question at a time instead. git prov decision roles tells what each role owes.',
      'propose, accept and reject set the status in the file and leave its comments and order as they are. A decision that is accepted marks those it supersedes.',
      "--set names a field of the file: why='…', criteria='f1 >= 0.80; how it is measured', hypotheses='…', options='…', risks='…', constraints.deadlines='…', follow_ups='what; owner; 2026-12-01', supersedes=<id>. evidence takes run:<id>, dataset:<name>, commit:<revision> or file:<path> and writes down the digest each has now. A list grows with each --set.",
      'When a decision that is no draft reaches the default branch (prov.defaultBranch, or what the remote says), its text is recorded with the commit that brought it, the pull request its message names, and who looked at it: by Reviewed-by, Acked-by and Co-authored-by, and by git prov review. Every command sees to it, and so does the hook after a pull; record does it on any checkout, for CI. supersede, withdraw and reopen are records of their own and leave the file as it is.',
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
      by: { type: 'string', value: 'id', describe: 'the decision that takes its place' },
      message: { type: 'string', short: 'm', value: 'why', describe: 'why it is superseded, withdrawn or reopened' },
      overdue: { type: 'boolean', describe: 'list only decisions with a follow-up past its date' },
      json,
    },
    load: () => import('./decision.ts'),
  },
  {
    name: 'check',
    summary: 'hold decisions, and a change, to the rules',
    usage: [
      'check [--base <rev>] [--level info|warning|error] [--format text|json|sarif|github|gitlab] [<file>|<id>...]',
      'check --explain <rule>|rules',
    ],
    details: [
      'Looks at every decision file, or at those named, or with --base at what a pull request changed: files that differ from the merge base, and the commits since. The same on a laptop, in a hook and in CI.',
      'Each problem names file, line and column, and what to write. The policy in prov.yaml says what is owed by whom, and may turn a rule off or change what it weighs; git prov waive lets one place pass until a day.',
      'Exit status 1 when a problem weighs as much as --level (error when it is not given).',
    ],
    flags: {
      base: { type: 'string', value: 'rev', describe: 'look at what changed since the merge base with this commit' },
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
    load: () => import('./check.ts'),
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
    load: () => import('./waive.ts'),
  },
  {
    name: 'status',
    summary: 'show whether HEAD is captured and what waits to be',
    usage: ['status [--json]'],
    flags: { json },
    load: () => import('./status.ts'),
  },
  {
    name: 'verify',
    summary: 'prove every record, link and note',
    usage: ['verify [--signatures] [--allowed-signers <file>] [--json]'],
    details: [
      'Proves every file of the branch against its name and its schema, that what records name is there, that files were only ever added, and that the notes say what the branch says. Exit status 1 when something is wrong.',
      'With --signatures, every commit on the branch is to have a good signature or a later one that vouches for it (git prov seal), and a record is to be by who signed it. For SSH keys git needs gpg.ssh.allowedSignersFile, or --allowed-signers.',
    ],
    flags: {
      signatures: { type: 'boolean', describe: 'check who signed the branch' },
      'allowed-signers': { type: 'string', value: 'file', describe: 'whose SSH keys count; implies --signatures' },
      json,
    },
    load: () => import('./verify.ts'),
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
    load: () => import('./review.ts'),
  },
  {
    name: 'seal',
    summary: 'sign a checkpoint that vouches for all records before it',
    usage: ['seal [-m <why>] [--json]'],
    details: [
      "Appends a seal in a commit signed with the user's own key (user.signingkey, gpg.format). Commits are named by what they are made on, and files by the SHA-256 of their content, so one good signature vouches for everything before it. Commits on the branch are also signed one by one where commit.gpgsign or prov.sign says so.",
    ],
    flags: { message: { type: 'string', short: 'm', value: 'why', describe: 'what the seal is for' }, json },
    load: () => import('./seal.ts'),
  },
  {
    name: 'attest',
    summary: 'sign an in-toto statement about a run or a revision',
    usage: [
      'attest <run>|<revision> [--key <file>] [-o <file>]',
      'attest verify <file> [--key <public key>|--allowed-signers <file>] [--json]',
    ],
    details: [
      "Writes an in-toto Statement v1 with SLSA provenance v1: the outputs of a run by SHA-256 (a revision: its commit), the command and parameters, and what it used. Without --key the bare statement. With an Ed25519 or EC key in PEM the signature is DSSE's own, which other tools check; with a key of OpenSSH ssh-keygen signs, and an allowed-signers file says who counts, for the namespace git-prov. It is asserted by who signs it: SLSA Build L1 at most.",
      'verify checks the signature, and that files of the work tree it names are still what was attested. Exit status 1 when not.',
    ],
    flags: {
      key: { type: 'string', value: 'file', describe: 'the key to sign with, or the public key to check with' },
      output: { type: 'string', short: 'o', value: 'file', describe: 'write to a file' },
      'allowed-signers': { type: 'string', value: 'file', describe: 'whose SSH keys count' },
      json,
    },
    load: () => import('./attest.ts'),
  },
  {
    name: 'guard',
    summary: 'hold pushes of provenance to the policy, on a server or in CI',
    usage: [
      'guard install',
      'guard uninstall',
      'guard check [<old>..<new>|<revision>] [--allowed-signers <file>] [--json]',
    ],
    details: [
      'install puts a pre-receive hook into a bare repository, beside one that is there. A push to the branch prov or an inbox is refused as a whole unless every commit, against every parent, only adds files, each is what its name and schema say, and who wrote, signed and pushed it may by policy.guard of prov.yaml, as the default branch stood before the push. Other refs are let through.',
      'Who pushes is taken from GL_USER (gitolite), REMOTE_USER (a web server) or GIT_PROV_USER (a forced command). check does the same for forges without such hooks: exit status 1 when something would have been refused.',
    ],
    flags: {
      'allowed-signers': { type: 'string', value: 'file', describe: 'whose SSH keys count' },
      json,
    },
    load: () => import('./guard.ts'),
  },
  {
    name: 'archive',
    summary: 'fold old records into one file',
    usage: ['archive [--before <date>] [--dry-run] [--reason <text>] [--json]'],
    details: [
      'Folds records made before a date into archive files on the branch, byte for byte, and lets the single files go by an archive record that names them. log, show, verify and notes rebuild read archives as if the files lay in their places; a clone that joins lets them go, too.',
      'Without --before, policy.retention.archive-after-days of prov.yaml says how old. Records under a hold (policy.retention.holds) stay; policy.retention.archivers says who may.',
    ],
    flags: {
      before: { type: 'string', value: 'date', describe: 'a day (2025-01-31) or an age (2 years)' },
      'dry-run': { type: 'boolean', short: 'n', describe: 'only say what would be folded' },
      reason: { type: 'string', value: 'text', describe: 'why, kept in the record' },
      json,
    },
    load: () => import('./archive.ts'),
  },
  {
    name: 'notes',
    summary: 'make the notes anew from the branch',
    usage: ['notes rebuild [--json]'],
    flags: { json },
    load: () => import('./notes.ts'),
  },
  {
    name: 'doctor',
    summary: 'find what is wrong with hooks, locks and leftovers, and mend it',
    usage: ['doctor [--fix] [--json]'],
    flags: { fix: { type: 'boolean', describe: 'do what the findings say' }, json },
    load: () => import('./doctor.ts'),
  },
  {
    name: 'import',
    summary: 'take over what other tools recorded, as runs',
    usage: ['import dvc|mlflow|datalad [<path>] [--dry-run] [--json]'],
    details: [
      'dvc: a run for each stage whose entry in a dvc.lock changed, over all commits that any ref reaches, refs/exps among them.',
      'mlflow: runs in folders, committed at any time or in the work tree, and in mlflow.db (SQLite). datalad: a run for each commit that datalad run or rerun made; what it made is what the commit changed.',
      'What is imported is marked as such, with its source; importing twice adds nothing. Home folders, user names and secrets are taken out. Without --dry-run it writes to the branch prov and to nothing else.',
    ],
    flags: { 'dry-run': { type: 'boolean', short: 'n', describe: 'only say what would be imported' }, json },
    load: () => import('./import.ts'),
  },
  {
    name: 'demo',
    summary: 'make a small repository with real data and show its log',
    usage: ['demo [<folder>]'],
    details: [
      'Trains a real classifier on the Palmer penguins over several commits, in a new folder. Needs nothing but node and git.',
    ],
    load: () => import('./demo.ts'),
  },
  {
    name: 'completion',
    summary: 'print completions for a shell',
    usage: ['completion bash|zsh|fish'],
    load: () => import('./completion.ts'),
  },
]

/** The table's entry of a command; its name is ours, so it is there. */
export function commandNamed(name: string): CommandSpec {
  return commands.find((command) => command.name === name) as CommandSpec
}
