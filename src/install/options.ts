/** The options of `git prov init`. */
export interface InstallOptions {
  /** Accept what was found without asking. */
  yes: boolean
  hooks: boolean
  /** Run the check before each commit, whatever the policy says. */
  checkHook: boolean
  role: string | undefined
  /** A remote's name, or an address for provenance alone. */
  remote: string | undefined
  noRemote: boolean
  /** The parts of a first prov.yaml, each replacing what was found. */
  datasets: readonly string[] | undefined
  parameters: readonly string[] | undefined
  metrics: readonly string[] | undefined
}

export function readOptions(flags: Record<string, unknown>): InstallOptions {
  return {
    yes: flags.yes === true,
    hooks: flags['no-hooks'] !== true,
    checkHook: flags['check-hook'] === true,
    role: flags.role as string | undefined,
    remote: flags.remote as string | undefined,
    noRemote: flags['no-remote'] === true,
    datasets: flags.dataset as string[] | undefined,
    parameters: flags.parameters as string[] | undefined,
    metrics: flags.metrics as string[] | undefined,
  }
}
