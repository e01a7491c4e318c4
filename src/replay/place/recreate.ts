import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMissing } from '../../base/missing.ts'
import { tool } from '../../execute/tool.ts'
import type { Variables } from '../../git/environment.ts'
import type { Environment } from '../../records/environment.ts'

/** A Python environment to create from what was recorded. */
export interface PythonPlan {
  version: string | undefined
  /** Requirements as pip reads them (PEP 508): name==version. */
  packages: string[]
  /** Recorded packages that no index has: installed from a folder or a repository. */
  left: string[]
}

/** Returns the reason instead when no Python packages were recorded. */
export function planPython(environment: Environment | undefined): PythonPlan | { reason: string } {
  const python = environment?.software.python
  if (!python || isMissing(python)) return { reason: 'no Python environment was recorded' }
  const sources: Record<string, unknown> = python.sources ?? {}
  const entries = Object.entries(python.packages)
  const plain = entries.filter(([name, version]) => !(name in sources) && isName(name) && isVersion(version))
  return {
    version: python.version,
    packages: plain.map(([name, version]) => `${name}==${version}`),
    left: entries.filter((entry) => !plain.includes(entry)).map(([name]) => name),
  }
}

// Both end up in a file that pip reads line by line: anything else could be read as an option.
const isName = (name: string) => /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)
const isVersion = (version: string) => /^[A-Za-z0-9][A-Za-z0-9.+!_-]*$/.test(version)

/** Creates the environment at `prefix` with uv, else with venv and pip. Returns why that failed. */
export async function makePython(plan: PythonPlan, prefix: string, env: Variables): Promise<string | undefined> {
  const list = `${prefix}.txt`
  writeFileSync(list, plan.packages.map((line) => `${line}\n`).join(''))
  const run = (program: string, args: string[]) => tool(program, args, { cwd: '/', env })
  const uv = (await run('uv', ['--version'])).status === 0
  const made = uv
    ? await run('uv', ['venv', '--quiet', ...(plan.version ? ['--python', plan.version] : []), '--', prefix])
    : await venv(run, prefix, plan.version)
  if (made.status !== 0) return `the environment could not be made: ${endOf(made.text)}`
  const python = join(prefix, 'bin/python')
  const pip = uv
    ? await run('uv', ['pip', 'install', '--quiet', '--no-deps', '--python', python, '--requirement', list])
    : await run(python, [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--no-deps',
        '--requirement',
        list,
      ])
  return pip.status === 0 ? undefined : `packages could not be installed: ${endOf(pip.text)}`
}

type Runner = (program: string, args: string[]) => ReturnType<typeof tool>

/** The interpreter of that version, if one is found by name. */
async function venv(run: Runner, prefix: string, version: string | undefined): ReturnType<typeof tool> {
  const minor = version?.match(/^\d+\.\d+/)?.[0]
  for (const program of [...(minor ? [`python${minor}`] : []), 'python3', 'python']) {
    const made = await run(program, ['-m', 'venv', prefix])
    if (made.status === 0 || existsSync(join(prefix, 'pyvenv.cfg'))) return made
  }
  return { status: 127, text: 'there is neither uv nor python3 on PATH' }
}

const endOf = (text: string) => text.trim().split('\n').slice(-3).join(' ').slice(0, 800)
