import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../../base/digest.ts'
import { replaceFile } from '../../base/files.ts'
import { stringifyLine } from '../../base/json.ts'
import { addedBy, commitsOf, isAncestor } from '../../git/history/history-of-path.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import type { FoundRun } from '../../ledger/index/find-runs.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { Resolver } from '../../ledger/read/resolve.ts'
import { recordPath } from '../../records/layout.ts'
import { latestCapture } from '../../records/note-lines/capture-note.ts'
import { type ProvRecord, parseRecord, type Run } from '../../records/record.ts'
import type { Criterion, DecisionDraft } from '../model/decision.ts'
import { parseDecision } from '../model/parse.ts'
import type { CriteriaOrder } from '../model/problem.ts'

type Answer = Pick<CriteriaOrder, 'order' | 'reason'>

/** What was proven stays proven; unknown answers are looked up again when the branch has moved. */
interface Kept {
  branch: string
  answers: Record<string, Answer>
}

/** For each decision with criteria, whether they were written before each run among its evidence. */
export async function readCriteriaOrder(
  repository: Repository,
  objects: ObjectReader,
  drafts: readonly DecisionDraft[],
  runs: ReadonlyMap<string, FoundRun>,
): Promise<Map<string, CriteriaOrder[]>> {
  const found = new Map<string, CriteriaOrder[]>()
  const relevant = drafts.filter(
    ({ decision }) => decision?.criteria?.length && decision.evidence?.some(({ run }) => run),
  )
  if (relevant.length === 0) return found
  const prover = new Prover(
    repository,
    objects,
    await objects.read(readSettings(repository).branchRef).then((tip) => tip?.oid ?? ''),
  )
  for (const draft of relevant) {
    const orders: CriteriaOrder[] = []
    for (const [index, { run }] of (draft.decision?.evidence ?? []).entries()) {
      const record = run === undefined ? undefined : runs.get(run)
      if (run === undefined || !record || 'several' in record) continue
      orders.push({ index, run, ...(await prover.prove(draft, record)) })
    }
    found.set(draft.slug, orders)
  }
  prover.keep()
  return found
}

class Prover {
  readonly #repository: Repository
  readonly #objects: ObjectReader
  readonly #file: string
  readonly #kept: Kept
  #changed = false

  constructor(repository: Repository, objects: ObjectReader, branch: string) {
    this.#repository = repository
    this.#objects = objects
    this.#file = join(localDir(repository).cache, 'criteria-order.json')
    this.#kept = readKept(this.#file, branch)
  }

  keep(): void {
    if (this.#changed) replaceFile(this.#file, JSON.stringify(this.#kept))
  }

  async prove({ file, decision }: DecisionDraft, { id, path }: { id: string; path: string }): Promise<Answer> {
    const criteria = thresholds(decision?.criteria ?? [])
    const key = digestOf(`${id} ${file} ${criteria}`)
    const known = this.#kept.answers[key]
    if (known) return known
    const answer = await this.#look(file, criteria, id, path)
    this.#kept.answers[key] = answer
    this.#changed = true
    return answer
  }

  /** A run's code is named by its commit, so a file in that commit existed when the run began. */
  async #look(file: string, criteria: string, id: string, path: string): Promise<Answer> {
    const { branchRef } = readSettings(this.#repository)
    const blob = await this.#objects.read(`${branchRef}:${path}`)
    const run = blob && asRun(parseRecord(blob.body, id).record)
    if (!run) return { order: 'unknown', reason: 'its record cannot be read' }
    const start = run.snapshot && 'commit' in run.snapshot ? run.snapshot.commit : run.about?.commit
    if (!start) return { order: 'unknown', reason: 'it started from no commit' }
    const criteriaAtStart = await this.#criteriaIn(start, file)
    if (criteriaAtStart === criteria) return { order: 'before', reason: `commit ${start.slice(0, 10)} has them` }
    return await this.#byLedger(file, criteria, path, criteriaAtStart)
  }

  /** The branch is append-only: what an earlier commit of it has was recorded earlier. */
  async #byLedger(
    file: string,
    criteria: string,
    runPath: string,
    criteriaAtStart: string | undefined,
  ): Promise<Answer> {
    const { branchRef } = readSettings(this.#repository)
    const first = await this.#firstWith(file, criteria)
    if (!first) return { order: 'unknown', reason: 'no commit has them yet' }
    const name = `commit ${first.slice(0, 10)}`
    const resolver = new Resolver(this.#repository, this.#objects, readSettings(this.#repository))
    const capture = latestCapture(await resolver.readLines(first))
    if (!capture || capture.late)
      return { order: 'unknown', reason: `${name}, the first to have them, was not captured when it was made` }
    const capturePath = recordPath('capture', capture.time, capture.id)
    const added = addedBy(this.#repository, branchRef, [capturePath, runPath])
    const [captured, ran] = [added.get(capturePath), added.get(runPath)]
    if (!captured || !ran) return { order: 'unknown', reason: `the branch does not say when ${name} was captured` }
    if (captured !== ran && isAncestor(this.#repository, captured, ran))
      return { order: 'before', reason: `${name} was on the branch before it` }
    if (captured !== ran && isAncestor(this.#repository, ran, captured))
      return {
        order: 'after',
        reason:
          criteriaAtStart === undefined
            ? `${name} brought them after the run was recorded`
            : `what it started from has other criteria, and ${name} brought these later`,
      }
    const reason = captured === ran ? 'both came onto the branch in the same commit' : 'both came on separate clones'
    return { order: 'unknown', reason }
  }

  /** The oldest commit in HEAD's history whose file has these criteria. */
  async #firstWith(file: string, criteria: string): Promise<string | undefined> {
    for (const commit of commitsOf(this.#repository, file).reverse())
      if ((await this.#criteriaIn(commit, file)) === criteria) return commit
    return undefined
  }

  async #criteriaIn(commit: string, file: string): Promise<string | undefined> {
    const blob = await this.#objects.read(`${commit}:${file}`)
    if (blob?.type !== 'blob') return undefined
    const { decision } = await parseDecision(blob.body, file)
    return decision?.criteria && thresholds(decision.criteria)
  }
}

const asRun = (record: ProvRecord): Run | undefined => (record.kind === 'run' ? record : undefined)

/** The part that must not change afterwards; the description of how something is measured may. */
function thresholds(criteria: readonly Criterion[]): string {
  return stringifyLine(criteria.map(({ metric, at_least, at_most }) => ({ metric, at_least, at_most })))
}

function readKept(file: string, branch: string): Kept {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept
    const proven = Object.entries(kept.answers).filter(([, { order }]) => order !== 'unknown' || kept.branch === branch)
    return { branch, answers: Object.fromEntries(proven) }
  } catch {
    return { branch, answers: {} }
  }
}
