import { buildRecord, type ProvRecord, type StoredRecord } from '../../src/records/record.ts'
import { aDecision } from './decisions.ts'
import { capture } from './records.ts'
import { aRun } from './runs.ts'

type Kind = ProvRecord['kind']
type RecordOf<K extends Kind> = Extract<ProvRecord, { kind: K }>

const hex = (digit: string, length = 64) => digit.repeat(length)
const agent = { name: 'Mei Chen', email: 'mei@example.org' }
const about = { commit: hex('a', 40), tree: hex('b', 40), parents: [] }

function made<K extends Kind>(kind: K, fields: object): StoredRecord<RecordOf<K>> {
  const all = { kind, agent, about, ...fields } as unknown as Parameters<typeof buildRecord<RecordOf<K>>>[0]
  return buildRecord<RecordOf<K>>(all, new Date('2026-11-25T09:00:00.000Z'))
}

const field = { commitment: hex('c'), ciphertext: Buffer.from('age-encryption.org/v1').toString('base64') }

/** Records of every kind, of some with and without what they may leave out. A kind that is forgotten is a type error. */
export const everyKind: { [K in Kind]: StoredRecord<RecordOf<K>>[] } = {
  access: [
    made('access', { how: 'disclose', fields: ['params.customer'], to: 'the auditor', reason: 'yearly\naudit' }),
  ],
  archive: [
    made('archive', {
      archive: hex('1'),
      removes: [`series/11/${hex('1')}.csv`],
      before: '2026-01-01T00:00:00Z',
      held: 2,
    }),
  ],
  audit: [
    made('audit', {
      tip: hex('2', 40),
      records: 3,
      writers: [{ email: 'mei@example.org', records: 3, last: '2026-11-24T10:00:00Z', named: false }],
      readers: [{ remote: 'origin', url: 'https://example.org/r.git' }],
      keys: [{ principal: 'mei@example.org', until: '2026-12-01', state: 'due' }],
      ownerless: { count: 1, records: [hex('3')] },
      secrets: [{ record: hex('4'), where: 'run.command', rule: 'token' }],
    }),
  ],
  brief: [made('brief', { outcome: 'Train', impact: 'f1\nup', tradeOffs: 'slow', commits: [hex('a', 40)] })],
  capture: [
    capture(),
    capture({ late: true, trigger: 'background', environment: { missing: 'late' }, datasets: {} }),
    capture({
      changed: { environment: hex('5'), datasets: { train: { from: hex('6'), added: 1, removed: 2, modified: 3 } } },
      datasets: {
        train: { path: 'data/train', state: 'complete', source: 'git', digest: hex('7'), files: 4, bytes: 5 },
        test: { path: 'data/test', state: 'pending', source: 'git', reason: 'too much' },
        gone: { path: '<restricted:0123456789ab>', state: 'missing', source: 'git', reason: 'restricted' },
      },
      parameters: { 'params.yaml': { digest: hex('e'), values: { lr: 0.1 } }, 'other.yaml': { missing: 'not YAML' } },
      locks: { 'uv.lock': hex('8') },
    }),
  ],
  decision: [
    aDecision(),
    aDecision({ action: 'withdrawn', status: 'withdrawn', by: 'use-other', reason: 'no\ngood' }),
    aDecision({ reviewers: [1, 2, 3, 4, 5, 6].map((n) => ({ name: `R${n}`, from: 'reviewed-by' as const })) }),
  ],
  outcome: [made('outcome', { decision: 'use-focal-loss', revision: 1, verdict: 'met', criteria: [], text: 'good' })],
  patches: [
    made('patches', {
      about: undefined,
      method: 'git patch-id --stable',
      since: '2026-11-25T09:00:00Z',
      patches: [{ patch: hex('9', 40), commit: hex('a', 40) }],
    }),
  ],
  policy: [made('policy', { digest: hex('a'), content: { roles: {} } })],
  published: [made('published', { about: undefined, profile: 'open', of: 'run', commitment: hex('b'), content: {} })],
  redaction: [
    made('redaction', {
      removes: [`records/run/2026-11-25/cc/${hex('c')}.json`],
      files: [{ path: `records/run/2026-11-25/cc/${hex('c')}.json`, bytes: 2048, replacedBy: hex('d') }],
      rewriting: { from: hex('1', 40), to: hex('2', 40), introducedBy: [hex('3', 40)] },
      reason: 'a key',
    }),
  ],
  remark: [made('remark', { text: 'a word', lesson: 'seeds\nmatter' }), made('remark', { failure: 'out of memory' })],
  replay: [
    made('replay', {
      run: hex('e'),
      verdict: 'different',
      isolation: 'worktree',
      environment: { missing: 'not asked' },
      outputs: [{ path: 'model.pkl', recorded: hex('1'), replayed: hex('2'), same: false }],
      metrics: [{ name: 'f1', recorded: 0.8, replayed: 0.7, tolerance: 0.01, within: false }],
      causes: [{ kind: 'seed', detail: 'seed not recorded' }],
      reason: 'it differs',
    }),
  ],
  restricted: [
    made('restricted', {
      about: undefined,
      to: ['auditor'],
      recipients: [`age1${'q'.repeat(58)}`],
      fields: { 'params.customer': field },
    }),
  ],
  review: [made('review', { verdict: 'request-changes', text: 'why?\nsay so', decision: 'use-focal-loss', line: 3 })],
  rewrite: [
    made('rewrite', {
      by: 'rebase',
      rewritten: [
        { from: hex('1', 40), to: hex('2', 40) },
        { from: hex('3', 40), to: hex('2', 40) },
        { from: hex('4', 40), to: hex('5', 40) },
      ],
    }),
  ],
  run: [
    aRun({ phase: 'planned', outcome: undefined, outputs: undefined }),
    aRun({
      links: [{ rel: 'wasRevisionOf', to: `record:${hex('f')}` }],
      name: 'focal',
      stage: 'train',
      usage: { wallSeconds: 42.123 } as never,
      metrics: { f1: { value: 0.83, source: 'm.json' }, loss: { value: 'NaN', source: 'm.json' } } as never,
      baseline: { reference: 'main', metrics: { f1: 0.79 } } as never,
      expectations: [{ expression: 'f1 > 0.8', answer: 'met' }],
      inputs: [{ path: 'data', declared: 'option', state: 'complete', digest: hex('1') }],
      series: hex('2'),
      parameters: { command: { values: { lr: 0.1 } } as never },
      seeds: { seed: 1 },
    }),
  ],
  seal: [made('seal', { tip: hex('1', 40), files: 12, digest: hex('2'), reason: 'release' })],
  waiver: [made('waiver', { rule: 'schema', where: 'a', why: 'later', expires: '2026-12-01' })],
}
