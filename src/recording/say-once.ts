import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'

/** Kept on the context: each command is a bundle of its own, and what it loads later has its own copy of this file. */
type SayingContext = Context & { alreadySaid?: Set<string> }

/** A line on stderr, once per command, since what holds for one record holds for the next. */
export function sayOnce(context: SayingContext, line: string): void {
  context.alreadySaid ??= new Set()
  if (!context.alreadySaid.has(line)) context.stderr.write(`prov: ${escapeLine(line)}\n`)
  context.alreadySaid.add(line)
}
