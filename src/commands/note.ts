import { ProvError } from '../base/errors.ts'
import { stringifyLine } from '../base/json.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { findNamed, type Named } from '../ledger/read/find-record.ts'
import { aboutHere } from '../recording/about-here.ts'
import { record } from '../recording/record.ts'
import type { Remark, StoredRecord } from '../records/record.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** `git prov note <run|id> [-m …] [--lesson …] [--failure …]`: adds a remark to a run after the fact. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word, ...more] = words
  const said = saidIn(flags)
  if (word === undefined || more.length > 0 || said.length === 0)
    throw new ProvError('usage', 'note takes a run or a record, and -m, --lesson or --failure', {
      hint: "git prov note 7c1f9e --lesson 'what was learned'",
    })
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    await catchUp(context, objects)
    const named = await findNamed(repository, objects, word)
    const { stored } = await record<Remark>(context, objects, {
      kind: 'remark',
      // It belongs to the same commit as the record it is about, wherever it was written.
      about: named.stored.record.about ?? (await aboutHere(context, objects)),
      fields: Object.fromEntries(said),
      links: [{ rel: 'annotates', to: `record:${idOf(named)}` }],
    })
    report(context, flags, stored, idOf(named))
    return 0
  } finally {
    objects.close()
  }
}

/** The texts given, by field. */
function saidIn(flags: ParsedWords['flags']): ['text' | 'lesson' | 'failure', string][] {
  const fields = { message: 'text', lesson: 'lesson', failure: 'failure' } as const
  return Object.entries(fields).flatMap(([flag, field]) => {
    const text = flags[flag]
    if (typeof text !== 'string') return []
    if (text.trim() === '' || text.length > 65_536)
      throw new ProvError('usage', `--${flag} is ${text.length > 65_536 ? 'longer than 65536 characters' : 'empty'}`, {
        hint: 'git prov help note',
      })
    return [[field, text]]
  })
}

const idOf = ({ run, stored }: Named) => run?.id ?? stored.id

function report({ stdout }: Context, flags: ParsedWords['flags'], stored: StoredRecord<Remark>, id: string): void {
  if (flags.json) stdout.write(`${stringifyLine({ id: stored.id, ...stored.record })}\n`)
  else if (!flags.quiet) stdout.write(`prov: noted on ${id.slice(0, 6)}\n`)
}
