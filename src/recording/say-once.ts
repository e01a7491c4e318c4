import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'

/** By name and on the context: each command is a bundle of its own, and what it loads later has its own copy of this file. */
const heard = Symbol.for('git-prov: said on stderr')

/** A line on stderr, once a command: what is so for one record is so for those after it. */
export function sayOnce(context: Context & { [heard]?: Set<string> }, line: string): void {
  context[heard] ??= new Set()
  if (context[heard].has(line)) return
  context[heard].add(line)
  context.stderr.write(`prov: ${escapeLine(line)}\n`)
}
