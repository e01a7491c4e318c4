import type { CommandSpec } from '../../terminal/words.ts'
import { json } from './json.ts'

/** What goes to others, and what is kept for long. */
export const sharingCommands: readonly CommandSpec[] = [
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
    load: () => import('../../commands/sync.ts'),
  },
  {
    name: 'publish',
    summary: 'let out what a profile names, on a branch of its own',
    usage: ['publish --profile <name> [--dry-run] [--json]'],
    details: [
      'Adds to the branch prov-public/<profile> a record for each record of the kinds that policy.publish.<profile> of prov.yaml names: the members in fields and no others, those in pseudonymise as keyed pseudonyms, those in encrypt as age files for the roles in to. The name of a published record is the SHA-256 of its bytes, as everywhere; which record it was made from stands as a commitment that only the publisher can tell. Publishing again adds what is new. The branch goes out with an ordinary git push.',
    ],
    flags: {
      profile: { type: 'string', value: 'name', describe: 'which profile' },
      'dry-run': { type: 'boolean', short: 'n', describe: 'only say what would go; with --json, show it' },
      json,
    },
    load: () => import('../../commands/publish.ts'),
  },
  {
    name: 'federate',
    summary: "read other teams' published records beside one's own",
    usage: [
      'federate add <name> <url> --profile <profile>',
      'federate remove <name>',
      'federate list [--json]',
      'federate sync [<name>]',
      'federate log [<name>] [--json]',
      'federate show <id> [--json]',
    ],
    details: [
      "sync fetches another team's prov-public branch into a ref of its own (refs/prov/federated/<name>), after proving every record in it; nothing of it joins this repository's ledger, and log and show name the origin first.",
    ],
    flags: { profile: { type: 'string', value: 'profile', describe: 'which of their profiles' }, json },
    load: () => import('../../commands/federate.ts'),
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
    load: () => import('../../commands/archive.ts'),
  },
]
