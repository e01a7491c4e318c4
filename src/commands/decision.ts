import { ProvError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import type { Context } from '../context.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** One form of `git prov decision`: the words after its name, and the flags. */
type DecisionForm = (parsed: ParsedWords, context: Context) => Promise<number>

const forms: Record<string, () => Promise<DecisionForm>> = {
  new: async () => (await import('./decision/new.ts')).newDecision,
  list: async () => (await import('./decision/list.ts')).listDecisions,
  show: async () => (await import('./decision/show.ts')).showDecision,
  propose: async () => (await import('./decision/set-status.ts')).setStatus('proposed'),
  accept: async () => (await import('./decision/set-status.ts')).setStatus('accepted'),
  reject: async () => (await import('./decision/set-status.ts')).setStatus('rejected'),
  supersede: async () => (await import('./decision/act.ts')).act('superseded'),
  withdraw: async () => (await import('./decision/act.ts')).act('withdrawn'),
  reopen: async () => (await import('./decision/act.ts')).act('reopened'),
  record: async () => (await import('./decision/record.ts')).recordNow,
  outcome: async () => (await import('./decision/outcome.ts')).decisionOutcome,
  roles: async () => (await import('./decision/roles.ts')).listRoles,
}

/** `git prov decision …`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [name = 'list', ...rest] = words
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined
  if (!form) {
    const guess = nearest(name, Object.keys(forms))
    throw new ProvError('usage', `'${name}' is not a git prov decision command`, {
      hint: guess ? `git prov decision ${guess}` : 'git prov help decision',
    })
  }
  return await (await form())({ flags, words: rest }, context)
}
