import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { writeAtomically } from '../base/files.ts'
import { pathText } from '../base/path-text.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { findRun } from '../ledger/index/find-run.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { findNote } from '../ledger/notes/notes.ts'
import { findNamed } from '../ledger/read/find-record.ts'
import { manifestPath } from '../records/layout.ts'
import { parseManifest } from '../records/manifest.ts'
import { parseNote } from '../records/note.ts'
import type { Capture, Run, StoredRecord } from '../records/record.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'
import { buildEnvelope, type DsseEnvelope, parseEnvelope, preAuthEncoding } from '../trust/dsse.ts'
import { commitStatement, runStatement, type Statement, type SubjectFile, statementType } from '../trust/in-toto.ts'

type Flags = ParsedWords['flags']

/** `git prov attest <run>|<revision>`, and `attest verify <file>`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [first, second, ...rest] = words
  if (first === 'verify' && second !== undefined && rest.length === 0) return await verify(context, second, flags)
  if (first === undefined || second !== undefined)
    throw new ProvError('usage', 'attest takes one run or revision', { hint: 'git prov attest <run> --key <file>' })
  const statement = await statementOf(context, first)
  const text = `${JSON.stringify(flags.key === undefined ? statement : await sign(context, statement, String(flags.key)), null, 2)}\n`
  if (flags.output === undefined) context.stdout.write(text)
  else {
    writeAtomically(resolve(context.cwd, String(flags.output)), text)
    context.stdout.write(
      `${escapeLine(`prov: ${String(flags.output)}  ${statement.subject.length} subjects, ${flags.key === undefined ? 'not signed' : 'signed'}`)}\n`,
    )
  }
  return 0
}

/** A word is a run first, then a revision. */
async function statementOf(context: Context, word: string): Promise<Statement> {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const view = /^[0-9a-f-]{4,64}$/.test(word) ? await findRun(repository, objects, word) : undefined
    if (view && !view.finished)
      throw new ProvError('usage', `run ${word} has not finished`, { hint: `git prov run --finish ${word}` })
    if (view?.finished) return runStatement(view.finished, await outputsOf(repository, objects, view.record))
    const { stored, resolved } = await findNamed(repository, objects, word)
    if (stored.record.kind !== 'capture' || !resolved)
      throw new ProvError('usage', `'${word}' is neither a run nor a revision`, { hint: 'git prov runs' })
    const runs = await runsAt(repository, objects, resolved.commit)
    return commitStatement(word, stored as StoredRecord<Capture>, runs)
  } finally {
    objects.close()
  }
}

/** A folder's files one by one, as its manifest names them. */
async function outputsOf(repository: Repository, objects: ObjectReader, { outputs = [] }: Run): Promise<SubjectFile[]> {
  const { branchRef } = readSettings(repository)
  const files: SubjectFile[] = []
  for (const { path, digest, manifest, change } of outputs) {
    if (!digest || change === 'deleted') continue
    const blob = manifest ? await objects.read(`${branchRef}:${manifestPath(digest)}`) : undefined
    if (!manifest) files.push({ path, digest })
    else if (blob)
      files.push(
        ...parseManifest(blob.body).map((entry) => ({ path: `${path}/${pathText(entry.path)}`, digest: entry.digest })),
      )
  }
  return files
}

/** The runs that the note of a commit tells of. */
async function runsAt(repository: Repository, objects: ObjectReader, commit: string): Promise<StoredRecord<Run>[]> {
  const { text } = await findNote(objects, readSettings(repository).notesRef, commit)
  const ids = parseNote(text).lines.flatMap((line) => (line.kind === 'run' ? [line.plan ?? line.id] : []))
  const views = await Promise.all([...new Set(ids)].map((id) => findRun(repository, objects, id)))
  return views.flatMap((view) => view?.finished ?? [])
}

/** PEM keys sign by themselves; anything else is a key of OpenSSH, which ssh-keygen signs with. */
async function sign(context: Context, statement: Statement, file: string): Promise<DsseEnvelope> {
  const payload = Buffer.from(JSON.stringify(statement), 'utf8')
  const bytes = preAuthEncoding(statementType, payload)
  const path = resolve(context.cwd, file)
  const text = readKey(path, file)
  const signed = isPem(text)
    ? (await import('../trust/pem-signature.ts')).signWithPem(text, bytes, file)
    : (await import('../execute/ssh-signature.ts')).signWithSsh(path, bytes)
  return buildEnvelope(statementType, payload, [signed])
}

const isPem = (text: string) => /^-----BEGIN (PRIVATE|EC PRIVATE|PUBLIC) KEY-----/m.test(text)

function readKey(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ProvError('usage', `the key ${file} cannot be read: ${messageOf(error)}`, {
      hint: '--key takes a private key in PEM, or one of OpenSSH',
    })
  }
}

/** Exit status 1 when nobody who counts signed it, or what it speaks of is not what is recorded here. */
async function verify(context: Context, file: string, flags: Flags): Promise<number> {
  const path = resolve(context.cwd, file)
  if (!existsSync(path))
    throw new ProvError('usage', `there is no file '${file}'`, { hint: 'git prov attest <run> -o <file>' })
  const envelope = parseEnvelope(readFileSync(path, 'utf8'))
  const statement = envelope && statementIn(envelope)
  if (!envelope || !statement)
    throw new ProvError('usage', `${file} is no signed statement (DSSE with an in-toto statement in it)`, {
      hint: 'git prov attest <run> --key <file> makes one',
    })
  const signer = await signerOf(context, envelope, flags)
  const changed = signer === undefined ? [] : await changedSubjects(context, statement)
  const verdict =
    signer === undefined
      ? 'nobody who counts signed it'
      : changed.length > 0
        ? `signed by ${signer}, but ${changed.join(', ')} ${changed.length === 1 ? 'is' : 'are'} not what was attested`
        : `signed by ${signer}`
  const ok = signer !== undefined && changed.length === 0
  if (flags.json)
    context.stdout.write(`${JSON.stringify({ ok, signer: signer ?? null, changed, statement }, null, 2)}\n`)
  else context.stdout.write(`${escapeLine(`${file}  ${verdict}`)}\n`)
  return ok ? 0 : 1
}

function statementIn({ payload, payloadType }: DsseEnvelope): Statement | undefined {
  try {
    const value = JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as Partial<Statement> | null
    return payloadType === statementType && Array.isArray(value?.subject) ? (value as Statement) : undefined
  } catch {
    return undefined
  }
}

async function signerOf(context: Context, { payload, payloadType, signatures }: DsseEnvelope, flags: Flags) {
  const bytes = preAuthEncoding(payloadType, Buffer.from(payload, 'base64'))
  const key = flags.key as string | undefined
  const signers = (flags['allowed-signers'] as string | undefined) ?? allowedSigners(context.repository())
  if (key === undefined && signers === undefined)
    throw new ProvError('usage', 'whose key counts is not said', {
      hint: '--key <public key in PEM>, or --allowed-signers <file>',
    })
  for (const { sig } of signatures) {
    const signature = Buffer.from(sig, 'base64')
    if (key !== undefined) {
      const { verifyWithPem } = await import('../trust/pem-signature.ts')
      if (verifyWithPem(readKey(resolve(context.cwd, key), key), bytes, signature, key)) return key
    } else {
      const { sshSigner } = await import('../execute/ssh-signature.ts')
      const signer = sshSigner(resolve(context.cwd, signers as string), bytes, signature)
      if (signer) return signer
    }
  }
  return undefined
}

function allowedSigners(repository: Repository): string | undefined {
  return (
    tryGit(repository, ['config', '--type=path', 'gpg.ssh.allowedSignersFile']).stdout.toString('utf8').trim() ||
    undefined
  )
}

/** Files of the work tree that are there and are not what was attested. */
async function changedSubjects(context: Context, { subject }: Statement): Promise<string[]> {
  const top = context.repository().workTree
  const changed: string[] = []
  for (const { name = '', digest } of top ? subject : []) {
    const file = resolve(top as string, name)
    if (!digest?.sha256 || !file.startsWith(`${top}/`) || !existsSync(file)) continue
    if ((await hashOf(file)) !== digest.sha256) changed.push(name)
  }
  return changed
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
