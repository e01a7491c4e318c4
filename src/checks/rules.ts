import type { CheckRule } from '../decisions/model/problem.ts'
import { policy } from './policy.ts'
import { acceptedEdited } from './rules/accepted-edited.ts'
import { approvals } from './rules/approvals.ts'
import { captureMissing } from './rules/capture-missing.ts'
import { changeOwes } from './rules/change-owes.ts'
import { criteriaBeforeRun } from './rules/criteria-before-run.ts'
import { criteriaDirection } from './rules/criteria-direction.ts'
import { dataWithoutWord } from './rules/data-without-word.ts'
import { evidenceCurrent } from './rules/evidence-current.ts'
import { evidenceExists } from './rules/evidence-exists.ts'
import { links } from './rules/links.ts'
import { roleOwes } from './rules/role-owes.ts'
import { schema } from './rules/schema.ts'
import { supersedes } from './rules/supersedes.ts'
import { supersedesCircle } from './rules/supersedes-circle.ts'
import { twinId } from './rules/twin-id.ts'
import { waiver } from './waiver.ts'

/** Every rule, in the order they run. The last one reads what the others found. */
export const rules: readonly CheckRule[] = [
  schema,
  twinId,
  links,
  supersedes,
  supersedesCircle,
  evidenceExists,
  evidenceCurrent,
  criteriaDirection,
  criteriaBeforeRun,
  roleOwes,
  acceptedEdited,
  approvals,
  changeOwes,
  dataWithoutWord,
  captureMissing,
  policy,
  waiver,
]
