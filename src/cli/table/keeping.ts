import type { CommandSpec } from '../../terminal/words.ts'
import { json } from './json.ts'

/** Setup and maintenance. */
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
      'Makes the branch prov, installs the hooks beside what is there, and writes prov.yaml after looking for data, parameters and metrics. In a clone it connects: it fetches the branch and rebuilds the notes from it. Running it again changes nothing.',
    ],
    flags: {
      yes: { type: 'boolean', short: 'y', describe: 'accept what was found without asking' },
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
        describe: 'a remote that may get provenance; a URL: a remote for provenance alone',
      },
      'no-remote': { type: 'boolean', describe: 'choose no remote, and do not ask for one' },
      role: {
        type: 'string',
        value: 'role',
        describe: 'the role your decisions are written in (git prov decision roles)',
      },
      'check-hook': {
        type: 'boolean',
        describe: 'run git prov check before each commit, as policy.checks.hook does for everybody',
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
      'A dataset is a file, a folder or a glob. Tracked data is fingerprinted as committed, other data as it is on disk; git-lfs pointers and git-annex keys stand for their content.',
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
      'Without a range, finds the commits this clone made (its reflogs say which) that have no capture, finishes captures that are still pending, and writes what waits in the spool to the branch. With one, captures each commit in it.',
      'A capture made after its commit is marked late and claims only what the commit itself still proves: tracked data, parameters and lock files, not the environment.',
    ],
    flags: {
      'commit-map': {
        type: 'string',
        value: 'file',
        describe: 'which commit became which (the map of git filter-repo is read without it)',
      },
      json,
      quiet: { type: 'boolean', short: 'q', describe: 'print nothing' },
    },
    load: () => import('../../commands/capture.ts'),
  },
  {
    name: 'status',
    summary: 'show whether HEAD is captured, and what is pending',
    usage: ['status [--json]'],
    flags: { json },
    load: () => import('../../commands/status.ts'),
  },
  {
    name: 'verify',
    summary: 'check every record, link and note',
    usage: ['verify [--signatures] [--allowed-signers <file>] [--json]'],
    details: [
      'Checks every file of the branch against its name and its schema, that what records name exists, that files were only ever added, and that the notes agree with the branch. Exit status 1 when something is wrong.',
      'With --signatures, every commit on the branch must have a good signature or a later one that vouches for it (git prov seal), and a record must be by its signer. For SSH keys git needs gpg.ssh.allowedSignersFile, or --allowed-signers.',
    ],
    flags: {
      signatures: { type: 'boolean', describe: 'check who signed the branch' },
      'allowed-signers': { type: 'string', value: 'file', describe: 'the trusted SSH keys; implies --signatures' },
      json,
    },
    load: () => import('../../commands/verify.ts'),
  },
  {
    name: 'doctor',
    summary: 'find problems with hooks and leftovers, and fix them',
    usage: ['doctor [--fix] [--json]'],
    flags: { fix: { type: 'boolean', describe: 'fix what was found' }, json },
    load: () => import('../../commands/doctor.ts'),
  },
  {
    name: 'notes',
    summary: 'rebuild the notes from the branch',
    usage: ['notes rebuild [--json]'],
    flags: { json },
    load: () => import('../../commands/notes.ts'),
  },
  {
    name: 'demo',
    summary: 'create a small repository with real data and show its log',
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
