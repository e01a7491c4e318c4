/** Names of all rules, in the order they are run; rules.ts holds them. */
export const ruleNames: readonly string[] = [
  'schema',
  'twin-id',
  'links',
  'supersedes',
  'supersedes-circle',
  'evidence-exists',
  'evidence-current',
  'criteria-direction',
  'criteria-before-run',
  'role-owes',
  'accepted-edited',
  'change-owes',
  'data-without-word',
  'capture-missing',
  'policy',
  'waiver',
]
