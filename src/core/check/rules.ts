import { acceptedEdited } from './accepted-edited.ts'
import { approvals } from './approvals.ts'
import { captureMissing } from './capture-missing.ts'
import { changeOwes } from './change-owes.ts'
import { criteriaBeforeRun } from './criteria-before-run.ts'
import { criteriaDirection } from './criteria-direction.ts'
import { dataWithoutWord } from './data-without-word.ts'
import { evidenceCurrent } from './evidence-current.ts'
import { evidenceExists } from './evidence-exists.ts'
import { links } from './links.ts'
import { policy } from './policy.ts'
import { roleOwes } from './role-owes.ts'
import type { CheckRule } from './rule.ts'
import { schema } from './schema.ts'
import { supersedes } from './supersedes.ts'
import { supersedesCircle } from './supersedes-circle.ts'
import { twinId } from './twin-id.ts'
import { waiver } from './waiver.ts'

/** Every rule, in the order they are run. The last looks at what the others found. */
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
