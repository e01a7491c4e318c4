import { digestOf } from '../../base/digest.ts'
import type { PlacedProblem } from '../place.ts'
import { rules } from '../rules.ts'
import type { CheckReport } from './report.ts'

declare const __VERSION__: string
const levels = { error: 'error', warning: 'warning', info: 'note' } as const

/** SARIF 2.1.0 (OASIS): one run, one result per problem. Waived problems are suppressed results (3.35). */
export function render({ problems, waived }: CheckReport): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'git-prov', semanticVersion: __VERSION__, rules: rules.map(toRule) } },
        results: [
          ...problems.map((problem) => toResult(problem)),
          ...waived.map((problem) => ({ ...toResult(problem), suppressions: [{ kind: 'external' }] })),
        ],
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function toRule({ name, level, summary, explain }: (typeof rules)[number]) {
  return {
    id: name,
    shortDescription: { text: summary },
    fullDescription: { text: explain },
    defaultConfiguration: { level: levels[level] },
  }
}

function toResult({ rule, level, where, file, line, column, message, hint }: PlacedProblem) {
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ name }) => name === rule),
    level: levels[level],
    message: { text: `${message}; ${hint}` },
    // A problem in no file is shown at the file that makes the demand.
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file ?? 'prov.yaml') },
          region: { startLine: line ?? 1, startColumn: column ?? 1 },
        },
      },
    ],
    partialFingerprints: { 'gitProv/v1': digestOf(`${rule} ${where} ${message}`) },
  }
}
