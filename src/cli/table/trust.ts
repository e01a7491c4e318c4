import type { CommandSpec } from '../../terminal/words.ts'
import { identity } from './identity.ts'
import { json } from './json.ts'

/** Signatures, the server-side guard, and secrets. */
export const trustCommands: readonly CommandSpec[] = [
  {
    name: 'seal',
    summary: 'sign a checkpoint that vouches for all records before it',
    usage: ['seal [-m <why>] [--json]'],
    details: [
      "Appends a seal in a commit signed with the user's own key (user.signingkey, gpg.format). Commits name their parents, and files are named by the SHA-256 of their content, so one good signature vouches for everything before it. Commits on the branch are also signed one by one where commit.gpgsign or prov.sign says so. With git config prov.seal push, what is new is sealed before it is shared.",
    ],
    flags: { message: { type: 'string', short: 'm', value: 'why', describe: 'what the seal is for' }, json },
    load: () => import('../../commands/seal.ts'),
  },
  {
    name: 'attest',
    summary: 'sign an in-toto statement about a run or a revision',
    usage: [
      'attest <run>|<revision> [--key <file>] [-o <file>]',
      'attest verify <file> [--key <public key>|--allowed-signers <file>] [--json]',
    ],
    details: [
      "Writes an in-toto Statement v1 with SLSA provenance v1: the outputs of a run by SHA-256 (a revision: its commit), the command and parameters, and what it used. Without --key the bare statement. With an Ed25519 or EC key in PEM the signature is DSSE's own, which other tools check; with a key of OpenSSH ssh-keygen signs, and an allowed-signers file lists the trusted keys, for the namespace git-prov. It is asserted by its signer: SLSA Build L1 at most.",
      'verify checks the signature, and that files of the work tree it names are still what was attested. Exit status 1 when not.',
    ],
    flags: {
      key: { type: 'string', value: 'file', describe: 'the key to sign with, or the public key to check with' },
      output: { type: 'string', short: 'o', value: 'file', describe: 'write to a file' },
      'allowed-signers': { type: 'string', value: 'file', describe: 'the trusted SSH keys' },
      json,
    },
    load: () => import('../../commands/attest.ts'),
  },
  {
    name: 'guard',
    summary: 'check pushes of provenance against the policy (server or CI)',
    usage: [
      'guard install',
      'guard uninstall',
      'guard check [<old>..<new>|<revision>] [--allowed-signers <file>] [--json]',
    ],
    details: [
      'install puts a pre-receive hook into a bare repository, beside one that is there. A push to the branch prov or an inbox is refused as a whole unless every commit, against every parent, only adds files, each matches its name and schema, and its author, signer and pusher are allowed by policy.guard of prov.yaml, as it is on the default branch before the push. Other refs are let through.',
      'Who pushes is taken from GL_USER (gitolite), REMOTE_USER (a web server) or GIT_PROV_USER (a forced command). check does the same for forges without such hooks: exit status 1 when something would have been refused.',
    ],
    flags: {
      'allowed-signers': { type: 'string', value: 'file', describe: 'the trusted SSH keys' },
      json,
    },
    load: () => import('../../commands/guard.ts'),
  },
  {
    name: 'redact',
    summary: 'remove a record from the branch and its history',
    usage: [
      'redact <id> [--reason <text>] [--stdin] [--no-copy] [--yes] [--json]',
      'redact --push <remote>',
      'redact --accept <id>',
      'redact --purge',
    ],
    details: [
      'For a secret that got in. Rewrites every commit of the branch that holds the record, environment, manifest or series, leaves a redaction record (a tombstone with the digest, who and why, signed as your commits are), rebuilds the notes, and deletes the content from this clone. A copy of a record without the secrets takes its place, when the rules find them or they are given on standard input, one per line (--stdin).',
      '--push replaces the branch of a remote that was chosen for provenance, with a force-push over the tip that was fetched, and only when nothing is lost. Other clones take the rewritten history when they join (git prov sync, git prov init) if policy.retention.redactors of prov.yaml in HEAD names who redacted; otherwise they refuse it until --accept is run there. What they recorded meanwhile is carried over. --purge then deletes the content from that clone, too.',
    ],
    flags: {
      reason: { type: 'string', value: 'text', describe: 'why, kept in the record' },
      stdin: { type: 'boolean', describe: 'read secrets from standard input, one per line' },
      'no-copy': { type: 'boolean', describe: 'leave nothing but the tombstone' },
      yes: { type: 'boolean', short: 'y', describe: 'do not ask' },
      push: { type: 'string', value: 'remote', describe: 'replace the history of a remote' },
      accept: { type: 'string', value: 'id', describe: 'accept the history that a redaction rewrote' },
      purge: { type: 'boolean', describe: 'delete what was redacted from this clone' },
      json,
    },
    load: () => import('../../commands/redact.ts'),
  },
  {
    name: 'restrict',
    summary: 'record fields that only some people can read',
    usage: ['restrict <id|commit> --to <role>... <field>=<value>|<field>=@<file>|<field>=-... [--json]'],
    details: [
      'Writes a record about another one whose fields are encrypted with age to the public keys that policy.restricted.recipients of prov.yaml has for the roles. The names of the fields stay readable, and for each a commitment under a key that is only in the ciphertext: whoever may not read it can still see that it is unchanged, and check a field that is disclosed. A value given as - is read from standard input.',
    ],
    flags: { to: { type: 'string', multiple: true, value: 'role', describe: 'whose keys can read it' }, json },
    load: () => import('../../commands/restrict.ts'),
  },
  {
    name: 'reveal',
    summary: 'read restricted fields',
    usage: ['reveal <id> [<field>...] [--identity <file>] [--reason <text>] [--json]'],
    details: [
      'Decrypts with the age key in --identity or prov.identity, checks each field against its commitment, and writes an access record of who read what before anything is shown. The id of a rewrapped record leads to the current one.',
    ],
    flags: { identity, reason: { type: 'string', value: 'text', describe: 'why, kept in the access record' }, json },
    load: () => import('../../commands/reveal.ts'),
  },
  {
    name: 'rewrap',
    summary: 'encrypt restricted records to the current keys',
    usage: ['rewrap [<id>...] [--identity <file>]'],
    details: [
      'For when a member joins or leaves: records whose roles now have other keys in prov.yaml are encrypted again, as records that supersede the old ones; commitments stay the same. A member who left may have kept what they could read; git prov redact takes the old ciphertext out of history.',
    ],
    flags: { identity },
    load: () => import('../../commands/rewrap.ts'),
  },
  {
    name: 'disclose',
    summary: 'disclose one restricted field to somebody, with its proof',
    usage: ['disclose <id> <field> [--to <name>] [--identity <file>]', 'disclose --check <file>'],
    details: [
      'Prints JSON with the value and the key of its commitment, and writes an access record. Whoever has the ledger, and no key, checks it with --check: exit status 1 when the record did not commit to it.',
    ],
    flags: {
      to: { type: 'string', value: 'name', describe: 'who it is for, kept in the access record' },
      identity,
      check: { type: 'string', value: 'file', describe: 'check a field that was disclosed' },
    },
    load: () => import('../../commands/disclose.ts'),
  },
  {
    name: 'review-policy',
    summary: 'review who writes, who reads, expiring keys, leaked secrets',
    usage: ['review-policy [--dry-run] [--json]'],
    details: [
      'A privacy and security review of the whole ledger, to be done from time to time, and kept as a record: who wrote and whether a role of the policy has them, which remotes get provenance, signing keys that expire soon (valid-before in policy.guard.signers), records of people the policy does not name, and what the current rules for secrets find in records of any age.',
      'Exit status 1 when there is something to do.',
    ],
    flags: { 'dry-run': { type: 'boolean', short: 'n', describe: 'do not record the review' }, json },
    load: () => import('../../commands/review-policy.ts'),
  },
]
