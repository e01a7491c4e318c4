import { formatFigure } from '../../base/figure.ts'
import { formatBytes } from '../../base/quantity.ts'
import { quoteWords } from '../../base/shell-quote.ts'
import type { Run } from '../../records/record.ts'

/** bundle.json: what is in a bundle, with digests. This folder makes, packs and opens bundles. */
export interface BundleIndex {
  version: 1
  /** Id of the run, and SHA-256 of run.json. */
  run: string
  record: string
  /** Commit in code.bundle, and its tree, the one the record names. */
  commit: string
  tree: string
}

/** Parses bundle.json; undefined when it is not valid. */
export function readBundleIndex(text: string): BundleIndex | undefined {
  try {
    const index = JSON.parse(text) as BundleIndex
    const digests = [index.run, index.record].every((digest) => /^[0-9a-f]{64}$/.test(digest))
    const names = [index.commit, index.tree].every((name) => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(name))
    return index.version === 1 && digests && names ? index : undefined
  } catch {
    return undefined
  }
}

/** An input in a bundle, besides the code. */
export interface BundledInput {
  path: string
  digest?: string | undefined
  bytes?: number | undefined
  /** Why it is not included. */
  lacking?: string
}

/** README.md of a bundle: what it is, how to run it, what to expect. Text from the record is fenced. */
export function bundleReadme(index: BundleIndex, record: Run, inputs: readonly BundledInput[]): string {
  const lacking = inputs.filter((input) => input.lacking !== undefined)
  const metrics = Object.entries(record.metrics ?? {}).map(([name, { value }]) => `${name} ${formatFigure(value)}`)
  const outputs = (record.outputs ?? []).flatMap(({ path, digest }) => (digest ? [`${digest}  ${path}`] : []))
  const parts = [
    `# Run ${index.run.slice(0, 6)}`,
    'One recorded run: its code, its small inputs, its environment and its results. With git-prov, in this folder:',
    fenced('git-prov replay --bundle .'),
    'It shows what it would start and asks first. `--env recreate` makes the recorded Python environment.',
    'The command:',
    fenced(quoteWords(record.command)),
    record.intent ? 'What it was for:' : '',
    record.intent ? fenced(record.intent) : '',
    metrics.length + outputs.length > 0 ? 'Results:' : '',
    metrics.length + outputs.length > 0 ? fenced([...metrics, ...outputs].join('\n')) : '',
    lacking.length > 0 ? 'Not in here, and needed under these paths in `inputs/`:' : '',
    lacking.length > 0 ? fenced(lacking.map(describeLacking).join('\n')) : '',
    'Without git-prov: `git clone code.bundle` has the code, `run.json` the record, `environment.json` the packages;',
    `\`sha256sum run.json\` is ${index.record}, and the tree of the commit is ${index.tree}.`,
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

const fenced = (text: string) => {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)))
  return `${fence}\n${text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?')}\n${fence}`
}

const describeLacking = ({ path, digest, bytes, lacking }: BundledInput) =>
  [digest ?? '', path, bytes === undefined ? '' : formatBytes(bytes), lacking].filter(Boolean).join('  ')
