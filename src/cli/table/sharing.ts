import type { CommandSpec } from '../../terminal/words.ts'
import { json } from './json.ts'

/** Sharing and long-term storage. */
export const sharingCommands: readonly CommandSpec[] = [
  {
    name: 'sync',
    summary: 'share provenance with the remotes chosen for it',
    usage: ['sync [<remote>] [--no-push] [--dry-run] [--snapshots] [--quiet] [--json]'],
    details: [
      'Fetches the branch prov and the inboxes of other clones, joins them with ours, and pushes. git push does it too, and git pull brings what others shared, unless prov.sync is manual: git config prov.sync manual. It never makes a push of code fail, and delays it by two seconds at most; what takes longer goes on in the background.',
      'When others push at the same moment, sync joins what they sent and tries again; meanwhile ours is in an inbox of this clone on the remote (refs/prov/inbox/<clone>), which the next sync of any clone folds in and clears. Nothing is ever force-pushed.',
      'Provenance goes only to the remotes chosen with git prov init --remote <name>, and only while their URL is the one chosen; never to one that has no branches yet. --dry-run shows what would go where.',
    ],
    flags: {
      'no-push': { type: 'boolean', describe: 'only fetch and join' },
      'dry-run': { type: 'boolean', short: 'n', describe: 'show what would go where, without connecting' },
      snapshots: { type: 'boolean', describe: 'uncommitted work kept for replay (refs/prov/snapshots) too' },
      wait: { type: 'boolean', describe: 'try for a minute while the remote cannot be reached or has no branch yet' },
      quiet: { type: 'boolean', short: 'q', describe: 'print nothing unless something could not be sent' },
      json,
    },
    load: () => import('../../commands/sync.ts'),
  },
  {
    name: 'publish',
    summary: 'publish what a profile names, on a branch of its own',
    usage: ['publish --profile <name> [--dry-run] [--json]'],
    details: [
      'Adds to the branch prov-public/<profile> a record for each record of the kinds that policy.publish.<profile> of prov.yaml names: the members in fields and no others, those in pseudonymise as keyed pseudonyms, those in encrypt as age files for the roles in to. The name of a published record is the SHA-256 of its bytes, as everywhere; which record it was made from is kept as a commitment that only the publisher can resolve. Publishing again adds what is new. The branch goes out with an ordinary git push.',
    ],
    flags: {
      profile: { type: 'string', value: 'name', describe: 'the profile to publish' },
      'dry-run': { type: 'boolean', short: 'n', describe: 'only count what would go; with --json, show it' },
      json,
    },
    load: () => import('../../commands/publish.ts'),
  },
  {
    name: 'federate',
    summary: 'read the published records of other teams',
    usage: [
      'federate add <name> <url> --profile <profile>',
      'federate remove <name>',
      'federate list [--json]',
      'federate sync [<name>]',
      'federate log [<name>] [--json]',
      'federate show <id> [--json]',
    ],
    details: [
      "sync fetches another team's prov-public branch into a ref of its own (refs/prov/federated/<name>), after checking every record in it; it never becomes part of this repository's ledger, and log and show name the origin first.",
    ],
    flags: { profile: { type: 'string', value: 'profile', describe: 'the profile they publish' }, json },
    load: () => import('../../commands/federate.ts'),
  },
  {
    name: 'archive',
    summary: 'fold old records into one file',
    usage: ['archive [--before <date>] [--dry-run] [--reason <text>] [--json]'],
    details: [
      'Folds records made before a date into archive files on the branch, byte for byte, and removes the single files by an archive record that names them. log, show, verify and notes rebuild read archives as if the files were still there; other clones remove them when they sync.',
      'Without --before, policy.retention.archive-after-days of prov.yaml is the age. Records under a hold (policy.retention.holds) stay; policy.retention.archivers says who may.',
    ],
    flags: {
      before: { type: 'string', value: 'date', describe: 'a day (2025-01-31) or an age (2 years)' },
      'dry-run': { type: 'boolean', short: 'n', describe: 'only show what would be folded' },
      reason: { type: 'string', value: 'text', describe: 'why, kept in the record' },
      json,
    },
    load: () => import('../../commands/archive.ts'),
  },
]
