import type { Repository } from '../../git/repository.ts'
import { abandonedPlaces } from '../../replay/place/workspace.ts'
import { fixHint, type Problem } from '../problem.ts'

/** Temporary work trees of killed replays. */
export function replayProblems(repository: Repository): Problem[] {
  return abandonedPlaces(repository).map(({ base, remove }) => ({
    code: 'stale-replay',
    severity: 'warning',
    where: base,
    message: 'was left by a replay that was killed',
    hint: fixHint,
    fix: remove,
  }))
}
