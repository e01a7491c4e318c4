import { hookTemplate } from '../generated/hook-template.ts'

/** The hooks we install. None runs before a commit, so none can block it; pre-push never fails either. */
export const hookNames = ['post-commit', 'post-merge', 'post-rewrite', 'post-applypatch', 'pre-push'] as const
export type HookName = (typeof hookNames)[number]

/** What a hook script needs to know about this machine. */
export interface HookPlace {
  /** Absolute path of the node that runs us. */
  node: string
  /** Absolute path of hook.cjs. */
  hook: string
  /** Also call `git lfs <hook>`: git-lfs would have installed its own hook under this name. */
  lfs: boolean
}

const quote = (text: string) => text.replaceAll("'", "'\\''")

export function hookScript(name: HookName, place: HookPlace): string {
  const runsLfs = place.lfs && (name === 'post-commit' || name === 'post-merge' || name === 'pre-push')
  return hookTemplate
    .replace('@NODE@', () => quote(place.node))
    .replace('@HOOK@', () => quote(place.hook))
    .replace('@NAME@', name)
    .replace('@LFS@', runsLfs ? 'yes' : '')
}

/** Whether a hook script is ours. */
export function isOurScript(text: string): boolean {
  return text.includes('# git-prov hook:')
}

const blockStart = '# git-prov: begin'
const blockEnd = '# git-prov: end'

/** For a hook file that a team commits: without paths of this machine. */
function portableBlock(name: HookName): string {
  // git's input to a pre-push hook belongs to whatever else the team's file calls.
  const input = name === 'pre-push' ? ' </dev/null' : ''
  return `${blockStart}\ncommand -v git-prov >/dev/null 2>&1 && git-prov hook ${name} "$@"${input} || :\n${blockEnd}\n`
}

export function addBlock(text: string, name: HookName): string {
  if (hasBlock(text)) return text
  return text === '' ? portableBlock(name) : `${text}${text.endsWith('\n') ? '' : '\n'}${portableBlock(name)}`
}

export function hasBlock(text: string): boolean {
  return text.includes(`${blockStart}\n`)
}

export function removeBlock(text: string): string {
  const from = text.indexOf(`${blockStart}\n`)
  const to = text.indexOf(`${blockEnd}\n`, from)
  return from < 0 || to < 0 ? text : text.slice(0, from) + text.slice(to + blockEnd.length + 1)
}
