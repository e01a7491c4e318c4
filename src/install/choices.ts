import type { Context } from '../context.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { type Asker, openAsker } from '../terminal/ask.ts'
import { askRemote, type ChosenRemote } from './choose-remote.ts'
import { chooseRole } from './choose-role.ts'
import { readDeclared } from './declared.ts'
import { type FirstConfig, firstConfig } from './first-config.ts'
import type { InstallOptions } from './options.ts'

/** Everything decided before anything is changed. */
export interface Choices {
  /** This clone has not been set up before. */
  isFirst: boolean
  /** The prov.yaml to write, if there is none. */
  config: FirstConfig | undefined
  role: string | undefined
  remote: ChosenRemote
}

/** Reads the options, and on a terminal asks for the rest. Throws `cancelled` when the user aborts the questions. */
export async function askChoices(context: Context, options: InstallOptions): Promise<Choices> {
  const asker = openAsker(context, {
    answered: options.yes,
    instead: 'git prov init --yes accepts what was found without asking',
  })
  return await choose(context, asker, options).finally(asker.close)
}

async function choose(context: Context, asker: Asker, options: InstallOptions): Promise<Choices> {
  const repository = context.repository()
  const isFirst = readSettings(repository).since === undefined
  const config = await firstConfig(repository, asker, options)
  const asksRole = isFirst || options.role !== undefined
  const role = asksRole ? await chooseRole(asker, options.role, (await readDeclared(repository))?.policy) : undefined
  const remote = await askRemote(context, asker, {
    given: options.remote,
    none: options.noRemote || (!isFirst && options.remote === undefined),
    proposed: (await readDeclared(repository))?.share?.url,
  })
  return { isFirst, config, role, remote }
}
