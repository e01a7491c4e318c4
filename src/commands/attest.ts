import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { writeAtomically } from '../base/files.ts'
import type { Context } from '../context.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'
import { signStatement } from '../trust/attest/sign.ts'
import { statementOf } from '../trust/attest/statement.ts'
import { verdictOf, verifyAttested } from '../trust/attest/verify.ts'

type Flags = ParsedWords['flags']

/** `git prov attest <run>|<revision>`, and `attest verify <file>`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [first, second, ...rest] = words
  if (first === 'verify' && second !== undefined && rest.length === 0) return await verify(context, second, flags)
  if (first === undefined || second !== undefined)
    throw new ProvError('usage', 'attest takes one run or revision', { hint: 'git prov attest <run> --key <file>' })
  const statement = await statementOf(context.repository(), first)
  const made = flags.key === undefined ? statement : await signStatement(statement, String(flags.key), context.cwd)
  const text = `${JSON.stringify(made, null, 2)}\n`
  if (flags.output === undefined) context.stdout.write(text)
  else {
    writeAtomically(resolve(context.cwd, String(flags.output)), text)
    context.stdout.write(
      `${escapeLine(`prov: ${String(flags.output)}  ${statement.subject.length} subjects, ${flags.key === undefined ? 'not signed' : 'signed'}`)}\n`,
    )
  }
  return 0
}

/** Exit status 1 when no trusted key signed it, or its subjects differ from what is recorded here. */
async function verify(context: Context, file: string, flags: Flags): Promise<number> {
  const path = resolve(context.cwd, file)
  if (!existsSync(path))
    throw new ProvError('usage', `there is no file '${file}'`, { hint: 'git prov attest <run> -o <file>' })
  const attested = await verifyAttested(context, readFileSync(path, 'utf8'), {
    key: flags.key as string | undefined,
    allowedSigners: flags['allowed-signers'] as string | undefined,
  })
  if (!attested)
    throw new ProvError('usage', `${file} is not a signed statement (a DSSE envelope with an in-toto statement)`, {
      hint: 'git prov attest <run> --key <file> makes one',
    })
  const { ok, signer, changed, statement } = attested
  if (flags.json) context.stdout.write(`${JSON.stringify({ ok, signer, changed, statement }, null, 2)}\n`)
  else context.stdout.write(`${escapeLine(`${file}  ${verdictOf(attested)}`)}\n`)
  return ok ? 0 : 1
}
