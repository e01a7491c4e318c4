import type { CommandSpec } from '../../terminal/words.ts'
import { json } from './json.ts'

/** Setting up, and what keeps it right. */
export const keepingCommands: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'set up provenance in this repository or clone',
    usage: [
      'init [--yes] [--dataset <name>=<path>]... [--parameters <path>]... [--metrics <path>]...',
      'init [--remote <name>|<url>] [--no-remote] [--role <role>] [--check-hook] [--no-hooks] [--quiet]',
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
      role: {
        type: 'string',
        value: 'role',
        describe: 'the role your decisions are written in (git prov decision roles)',
      },
      'check-hook': {
        type: 'boolean',
        describe: 'run git prov check before each commit, as policy.checks.hook asks for everybody',
      },
      'no-hooks': { type: 'boolean', describe: 'leave the hooks as they are' },
      uninstall: { type: 'boolean', describe: 'put hooks, settings and files back as they were' },
      quiet: { type: 'boolean', short: 'q', describe: 'print nothing' },
    },
    load: () => import('../../commands/init.ts'),
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
    load: () => import('../../commands/dataset.ts'),
  },
  {
    name: 'hook',
    summary: 'called by the git hooks',
    usage: ['hook <name> [<argument>...]'],
    hidden: true,
    load: () => import('../../commands/hook.ts'),
  },
  {
    name: 'capture',
    summary: 'capture commits that have no record yet',
    usage: ['capture [<revision range>...]', 'capture --commit-map <file>'],
    details: [
      'Without a range, finds the commits this clone made (its reflogs say which) that have no capture, finishes captures that are still pending, and folds what waits in the spool. With one, captures each commit in it.',
      'A capture made after its commit is marked late and claims only what the commit itself still proves: tracked data, parameters and lock files, not the environment.',
    ],
    flags: {
      'commit-map': {
        type: 'string',
        value: 'file',
        describe: 'what a filter made of what (that of git filter-repo is read by itself)',
      },
      json,
      quiet: { type: 'boolean', short: 'q', describe: 'print nothing' },
    },
    load: () => import('../../commands/capture.ts'),
  },
  {
    name: 'status',
    summary: 'show whether HEAD is captured and what waits to be',
    usage: ['status [--json]'],
    flags: { json },
    load: () => import('../../commands/status.ts'),
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
    load: () => import('../../commands/verify.ts'),
  },
  {
    name: 'doctor',
    summary: 'find what is wrong with hooks and leftovers, and mend it',
    usage: ['doctor [--fix] [--json]'],
    flags: { fix: { type: 'boolean', describe: 'do what the findings say' }, json },
    load: () => import('../../commands/doctor.ts'),
  },
  {
    name: 'notes',
    summary: 'make the notes anew from the branch',
    usage: ['notes rebuild [--json]'],
    flags: { json },
    load: () => import('../../commands/notes.ts'),
  },
  {
    name: 'demo',
    summary: 'make a small repository with real data and show its log',
    usage: ['demo [<folder>]'],
    details: [
      'Trains a real classifier on the Palmer penguins over several commits, in a new folder. Needs nothing but node and git.',
    ],
    load: () => import('../../commands/demo.ts'),
  },
  {
    name: 'completion',
    summary: 'print completions for a shell',
    usage: ['completion bash|zsh|fish'],
    load: () => import('../../commands/completion.ts'),
  },
]
