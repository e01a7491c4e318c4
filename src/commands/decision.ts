import { ProvError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import type { Context } from '../context.ts'
import type { DecisionAction } from '../decisions/action.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

const actions: Record<string, () => Promise<DecisionAction>> = {
  new: async () => (await import('../decisions/new.ts')).newDecision,
  list: async () => (await import('../decisions/list.ts')).listDecisions,
  show: async () => (await import('../decisions/show.ts')).showDecision,
  propose: async () => (await import('../decisions/set-status.ts')).setStatus('proposed'),
  accept: async () => (await import('../decisions/set-status.ts')).setStatus('accepted'),
  reject: async () => (await import('../decisions/set-status.ts')).setStatus('rejected'),
  supersede: async () => (await import('../decisions/act.ts')).actOn('superseded'),
  withdraw: async () => (await import('../decisions/act.ts')).actOn('withdrawn'),
  reopen: async () => (await import('../decisions/act.ts')).actOn('reopened'),
  record: async () => (await import('../decisions/record-command.ts')).recordNow,
  outcome: async () => (await import('../decisions/grade-outcome.ts')).gradeDecision,
  roles: async () => (await import('../decisions/show-roles.ts')).listRoles,
}

/** `git prov decision …`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [name = 'list', ...rest] = words
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) {
    const guess = nearest(name, Object.keys(actions))
    throw new ProvError('usage', `git prov decision has no form '${name}'`, {
      hint: guess ? `git prov decision ${guess}` : 'git prov help decision',
    })
  }
  return await (await action())({ flags, words: rest }, context)
}
