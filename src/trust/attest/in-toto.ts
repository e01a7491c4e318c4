import { isMissing } from '../../base/missing.ts'
import type { Capture, Run, StoredRecord } from '../../records/record.ts'
import { flatParameters } from '../../records/run.ts'

/** in-toto Attestation Framework, Statement v1. */
export interface Statement {
  _type: 'https://in-toto.io/Statement/v1'
  subject: ResourceDescriptor[]
  predicateType: string
  predicate: object
}

/** in-toto ResourceDescriptor v1: the name and digest of an artifact. */
interface ResourceDescriptor {
  name?: string
  uri?: string
  digest?: Record<string, string>
  mediaType?: string
  content?: string
}

/** The media type of a statement in a DSSE envelope. */
export const statementType = 'application/vnd.in-toto+json'

/** A single file, named by its path and SHA-256. */
export interface SubjectFile {
  path: string
  digest: string
}

/**
 * SLSA provenance (SLSA v1.2, build provenance v1) of a run. Self-asserted: Build L1 at most. `outputs` are
 * single files; without any, the run's record itself is the subject.
 */
export function runStatement({ record, id }: StoredRecord<Run>, outputs: readonly SubjectFile[]): Statement {
  const record256 = { name: `run ${id}`, digest: { sha256: id } }
  const subject = outputs.map(({ path, digest }) => ({ name: path, digest: { sha256: digest } }))
  return statement(subject.length > 0 ? subject : [record256], {
    buildDefinition: {
      buildType: 'urn:git-prov:run:v1',
      externalParameters: {
        command: record.command,
        workingFolder: record.workingFolder,
        parameters: Object.fromEntries(flatParameters(record)),
      },
      internalParameters: { environment: environmentOf(record), ...(record.seeds && { seeds: record.seeds }) },
      resolvedDependencies: [...commitOf(record), ...inputsOf(record)],
    },
    runDetails: {
      builder: builderOf(record),
      metadata: {
        invocationId: record.runId,
        ...(record.started && { startedOn: record.started }),
        ...(record.ended && { finishedOn: record.ended }),
      },
      byproducts: [record256, ...metricsOf(record)],
    },
  })
}

/** The same for a revision (a release): its commit, with the environment and data captured for it. */
export function commitStatement(
  name: string,
  { record, id }: StoredRecord<Capture>,
  runs: readonly StoredRecord<Run>[],
): Statement {
  const subject = [{ name, digest: { gitCommit: record.about.commit } }]
  const datasets = Object.entries(record.datasets).flatMap(([key, { digest, manifest }]) =>
    digest ? [{ name: key, digest: { [manifest ? 'manifestSha256' : 'sha256']: digest } }] : [],
  )
  return statement(subject, {
    buildDefinition: {
      buildType: 'urn:git-prov:capture:v1',
      externalParameters: { revision: name },
      internalParameters: { environment: environmentOf(record) },
      resolvedDependencies: datasets,
    },
    runDetails: {
      builder: builderOf(record),
      metadata: { invocationId: id, finishedOn: record.time },
      byproducts: [
        { name: `capture ${id}`, digest: { sha256: id } },
        ...runs.map((run) => ({ name: `run ${run.id}`, digest: { sha256: run.id } })),
      ],
    },
  })
}

function statement(subject: ResourceDescriptor[], predicate: object): Statement {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate,
  }
}

function environmentOf({ environment }: Run | Capture): object {
  return isMissing(environment) ? { missing: environment.missing } : { sha256: environment.digest }
}

function builderOf({ agent, tool }: Run | Capture): object {
  return { id: `mailto:${agent.email}`, version: { [tool.name]: tool.version } }
}

function commitOf({ about, snapshot }: Run): ResourceDescriptor[] {
  const commits = about ? [{ name: 'commit', digest: { gitCommit: about.commit } }] : []
  const uncommitted =
    snapshot && !isMissing(snapshot) ? [{ name: 'uncommitted work', digest: { gitCommit: snapshot.commit } }] : []
  return [...commits, ...uncommitted]
}

/** A folder's digest is that of its manifest, not of bytes found elsewhere, so it has its own algorithm name. */
function inputsOf({ inputs }: Run): ResourceDescriptor[] {
  return inputs.flatMap(({ path, digest, manifest }) =>
    digest ? [{ name: path, digest: { [manifest ? 'manifestSha256' : 'sha256']: digest } }] : [],
  )
}

function metricsOf({ metrics }: Run): ResourceDescriptor[] {
  if (!metrics || Object.keys(metrics).length === 0) return []
  const values = Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]))
  const content = Buffer.from(JSON.stringify(values), 'utf8').toString('base64')
  return [{ name: 'metrics', mediaType: 'application/json', content }]
}
