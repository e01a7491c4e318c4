import { hookTemplate } from '../generated/hook-template.ts'

/** The hooks we install, and nothing before a commit: what comes after cannot block it. pre-push never fails either. */
export const hookNames = ['post-commit', 'post-merge', 'post-rewrite', 'post-applypatch', 'pre-push'] as const
export type HookName = (typeof hookNames)[number]

/** What a hook script has to know of this machine. */
export interface HookPlace {
  /** Absolute path of the node that runs us. */
  node: string
  /** Absolute path of hook.cjs. */
  hook: string
  /** Call `git lfs <hook>` too: git-lfs would have put its own hook where ours is. */
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

/** Whether a hook's text is one of ours. */
export function isOurScript(text: string): boolean {
  return text.includes('# git-prov hook:')
}

const blockStart = '# git-prov: begin'
const blockEnd = '# git-prov: end'

/** For a hook file that a team shares and keeps in its repository: no path of this machine in it. */
function portableBlock(name: HookName): string {
  // What git tells a pre-push hook on its input belongs to whoever else the team's file calls.
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
