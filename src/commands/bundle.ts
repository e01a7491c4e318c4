import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { isMissing } from '../base/missing.ts'
import { parseByteSize } from '../base/parse-byte-size.ts'
import { formatBytes, plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { needRun } from '../ledger/index/find-run.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { environmentPath } from '../records/layout.ts'
import type { BundledInput } from '../replay/bundle/bundle-format.ts'
import { makeBundle, sizeOf } from '../replay/bundle/make-bundle.ts'
import { subjectOf } from '../replay/subject.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov bundle <run>`: everything needed to repeat the run elsewhere, as a folder or a .tar.gz. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word, ...more] = words
  if (word === undefined || more.length > 0)
    throw new ProvError('usage', 'bundle takes one run', { hint: 'git prov bundle <run>' })
  const most = parseByteSize((flags['max-size'] as string | undefined) ?? '100MB', '--max-size')
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const { branchRef } = readSettings(repository)
    const view = await needRun(repository, objects, word)
    const subject = await subjectOf(view, objects, branchRef)
    const target = resolve(context.cwd, (flags.output as string | undefined) ?? `run-${subject.id.slice(0, 6)}`)
    if (existsSync(target))
      throw new ProvError('usage', `${target} already exists`, { hint: 'choose another path with -o' })
    const environment = isMissing(subject.record.environment)
      ? undefined
      : (await objects.read(`${branchRef}:${environmentPath(subject.record.environment.digest)}`))?.body
    const text = view.finished?.text ?? ''
    const made = await makeBundle(context, { subject, text, environment, most, target })
    report(context, target, made)
    return made.some(({ lacking }) => lacking !== undefined) ? 1 : 0
  } finally {
    objects.close()
  }
}

function report({ stdout }: Context, target: string, inputs: readonly BundledInput[]): void {
  const lacking = inputs.filter((input) => input.lacking !== undefined)
  const size = statSync(target).isDirectory() ? sizeOf(target) : statSync(target).size
  stdout.write(
    escapeLine(`prov: ${target}  ${formatBytes(size)}  ${plural(inputs.length - lacking.length, 'input')}`).concat(
      '\n',
    ),
  )
  for (const { path, lacking: reason } of lacking) stdout.write(`${escapeLine(`  not in it: ${path}: ${reason}`)}\n`)
}
