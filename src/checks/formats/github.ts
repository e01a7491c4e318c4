import { escapeLine } from '../../base/escape.ts'
import type { CheckReport } from './report.ts'

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const

/** Workflow commands, which GitHub Actions shows on the lines of a pull request. */
export function render({ problems }: CheckReport): string {
  return problems
    .map(({ rule, level, file, line, column, message, hint }) => {
      const place = file === undefined ? '' : `file=${property(file)},line=${line},col=${column},`
      return `::${commands[level]} ${place}title=${property(`git prov check: ${rule}`)}::${data(`${message}; ${hint}`)}\n`
    })
    .join('')
}

/** Escaped like the runner's own library does (actions/toolkit, command.ts). */
const data = (text: string) => escapeLine(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
