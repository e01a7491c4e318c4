import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { diffStat } from '../git/history/diff-stat.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { diffCaptures, isEmpty } from '../history/capture-diff.ts'
import { readSide } from '../history/diff-side.ts'
import { renderDiff } from '../history/diff-text.ts'
import { diffView } from '../history/diff-view.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov diff [<commit>|<run> [<commit>|<run>]]`: packages, hardware, files and parameters; for runs also outputs and code. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [from, to] = sides(words)
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const [before, after] = [await readSide(repository, objects, from), await readSide(repository, objects, to)]
    const diff = diffCaptures(before, after)
    // Between two commits, git diff shows it.
    const code = before.run && after.run ? diffStat(repository, before.code, after.code) : ''
    if (flags.json) {
      context.stdout.write(`${JSON.stringify(diffView(before, after, diff, code), null, 2)}\n`)
    } else if (!isEmpty(diff) || !diff.environment || code) {
      const output = openOutput(context)
      await output.write(`${renderDiff(diff, painter(output.colour), code).join('\n')}\n`)
      await output.end()
    }
    return flags['exit-code'] && !(isEmpty(diff) && code === '') ? 1 : 0
  } finally {
    objects.close()
  }
}

function sides(words: readonly string[]): [string, string] {
  const range = words.length === 1 ? words[0]?.match(/^(.+?)\.\.(?!\.)(.*)$/) : undefined
  if (range) return [range[1] as string, range[2] || 'HEAD']
  if (words.length > 2)
    throw new ProvError('usage', 'diff takes two commits or runs', { hint: 'git prov diff HEAD~ HEAD' })
  if (words.length === 2) return [words[0] as string, words[1] as string]
  return words.length === 1 ? [words[0] as string, 'HEAD'] : ['HEAD~', 'HEAD']
}
