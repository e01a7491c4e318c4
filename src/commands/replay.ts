import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { needRun } from '../ledger/index/find-run.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { privacyOf } from '../recording/privacy/privacy.ts'
import type { RunView } from '../records/run.ts'
import { Guard } from '../replay/guard.ts'
import { type ReplayOptions, toReplayOptions } from '../replay/options.ts'
import type { Workspace } from '../replay/place/workspace.ts'
import { repositoryOrigin } from '../replay/prepare.ts'
import { appendReplay } from '../replay/record.ts'
import { replayOne, report, type Session } from '../replay/session.ts'
import { type Subject, subjectOf } from '../replay/subject.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov replay <run>`. Exit status: 0 identical or within tolerance, 1 different, 2 could not run. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const options = toReplayOptions(parseWords(spec, argv))
  if (options.bundle !== undefined) {
    const { openBundle } = await import('../replay/bundle/from-bundle.ts')
    const bundle = await openBundle(context, options.bundle)
    return await replayAll(context, [bundle.subject], { options, ...bundle }, bundle.close)
  }
  const subjects = await findSubjects(context, options)
  if (options.script) return (await import('../replay/chain/script.ts')).printScript(context, subjects)
  return await replayAll(context, subjects, {
    options,
    origin: repositoryOrigin(context, options.inPlace),
    redactor: (await privacyOf(context)).redactor,
    others: [],
    keep: (prepared, findings, request) => appendReplay(context, prepared, findings, request),
  })
}

async function findSubjects(context: Context, { run = '', since }: ReplayOptions): Promise<Subject[]> {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const { branchRef } = readSettings(repository)
    const views =
      since === undefined
        ? [await needRun(repository, objects, run)]
        : await (await import('../replay/chain/chain.ts')).findChain(repository, objects, since, run)
    const { openRun } = await import('../recording/privacy/open-restricted.ts')
    const opened: RunView[] = []
    for (const view of views) opened.push((await openRun(context, view)).run)
    return await Promise.all(opened.map((view) => subjectOf(view, objects, branchRef)))
  } finally {
    objects.close()
  }
}

/** In order; temporary folders are kept until the end, since a later run may need outputs of an earlier one. */
async function replayAll(
  context: Context,
  subjects: readonly Subject[],
  request: Omit<Session, 'workspaces' | 'guard'>,
  closeOrigin = () => {},
): Promise<number> {
  const workspaces: Workspace[] = []
  const { keep } = request.options
  const close = () => {
    for (const workspace of workspaces.splice(0)) workspace.close(keep)
    closeOrigin()
  }
  const guard = new Guard(close)
  try {
    let worst = 0
    for (const subject of subjects)
      worst = Math.max(worst, await replayOne(context, subject, { ...request, workspaces, guard }))
    return worst
  } finally {
    if (keep) for (const { repository } of workspaces) report(context, `kept: ${repository.workTree}`)
    close()
    guard.off()
  }
}
