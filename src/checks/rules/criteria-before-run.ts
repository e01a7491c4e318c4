import { type CheckRule, readable } from '../../decisions/model/problem.ts'

export const criteriaBeforeRun: CheckRule = {
  name: 'criteria-before-run',
  level: 'warning',
  summary: 'criteria were set before the run that answers them',
  explain:
    'A threshold that is chosen after the result is known proves nothing. The order is proven when the commit (or the snapshot of uncommitted work) the run started from holds the decision file with the same criteria, or when the capture of a commit that holds them lies on the branch prov before the first record of the run. Write and commit the decision first, then git prov run --decision <id>. When criteria were really changed afterwards, say so in changed and run again.',
  check: (facts) =>
    readable(facts).flatMap(({ file, slug }) =>
      (facts.criteria.get(slug) ?? []).flatMap(({ index, run, order, reason }) => {
        if (order === 'before') return []
        const name = run.slice(0, 6)
        const message =
          order === 'after'
            ? `the criteria came after run ${name}: ${reason}`
            : `that the criteria came before run ${name} is not proven: ${reason}`
        const hint =
          order === 'after'
            ? 'say in changed that they were set afterwards, and run again'
            : 'commit the decision first, then git prov run'
        return [
          {
            where: file,
            file,
            path: ['evidence', index, 'run'],
            message,
            hint,
            ...(order === 'unknown' && { level: 'info' as const }),
          },
        ]
      }),
    ),
}
