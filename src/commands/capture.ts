import type { Context } from '../context.ts'
import { ProvError } from '../core/errors.ts'
import { stringifyLine } from '../core/json.ts'
import { plural } from '../core/quantity.ts'
import { ObjectReader } from '../git/objects.ts'
import { tryGit } from '../git/run.ts'
import { committerIdent } from '../ledger/committer.ts'
import { foldSpool } from '../ledger/fold.ts'
import { requireBranch } from '../ledger/read.ts'
import { readSettings } from '../ledger/settings.ts'
import { renderCaptureLine } from '../render/capture-line.ts'
import { type Captured, readCapture } from './capture-commits.ts'
import { importCommitMap } from './commit-map.ts'
import { finishPending } from './finish-pending.ts'
import { recordCaptures } from './record-captures.ts'
import { recordPatches } from './record-patches.ts'
import { type CommandSpec, parseWords } from './spec.ts'
import { sweep } from './sweep.ts'

/** `git prov capture [<range>...]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const repository = context.repository()
  requireBranch(repository)
  const objects = new ObjectReader(repository)
  try {
    const ident = committerIdent(repository)
    await foldSpool(repository, { ident, objects, deadline: Date.now() + 10_000 })
    if (typeof flags['commit-map'] === 'string') {
      const count = await importCommitMap(context, objects, flags['commit-map'])
      context.stdout.write(`prov: ${plural(count, 'commit')} tied to what they were\n`)
      return 0
    }
    const captured =
      words.length > 0 ? await captureRange(context, objects, words) : await captureMissed(context, objects)
    await recordPatches(context, objects)
    report(context, captured, flags)
    return 0
  } finally {
    objects.close()
  }
}

async function captureMissed(context: Context, objects: ObjectReader): Promise<Captured[]> {
  const { captured } = await sweep(context, objects, { late: true, trigger: 'command', unhurried: true })
  return [...captured, ...(await finishPending(context, objects))]
}

async function captureRange(context: Context, objects: ObjectReader, range: readonly string[]): Promise<Captured[]> {
  const repository = context.repository()
  const single = range.every((word) => !/\.\.|^[-^]/.test(word))
  const args = [
    'rev-list',
    '--reverse',
    '--topo-order',
    ...(single ? ['--no-walk'] : []),
    '--end-of-options',
    ...range,
    '--',
  ]
  const result = tryGit(repository, args)
  if (result.status !== 0) {
    throw new ProvError('unknown-revision', `'${range.join(' ')}' names no commits here`, {
      cause: result.stderr.trim(),
      hint: 'git prov capture HEAD~3..HEAD',
    })
  }
  const settings = readSettings(repository)
  const missed: string[] = []
  for (const oid of result.stdout.toString('utf8').split('\n').filter(Boolean)) {
    if (!(await readCapture({ objects, settings }, oid))) missed.push(oid)
  }
  const { captured } = await recordCaptures(context, objects, missed, {
    trigger: 'command',
    late: true,
    unhurried: true,
  })
  return captured
}

function report(context: Context, captured: readonly Captured[], flags: Record<string, unknown>): void {
  if (flags.json) {
    for (const { stored } of captured) context.stdout.write(`${stringifyLine({ id: stored.id, ...stored.record })}\n`)
    return
  }
  if (flags.quiet) return
  for (const { stored } of captured) {
    context.stdout.write(
      `${renderCaptureLine({ record: stored.record, environment: undefined, previous: undefined })}  captured late\n`,
    )
  }
  if (captured.length === 0) context.stdout.write('prov: nothing to capture\n')
}
