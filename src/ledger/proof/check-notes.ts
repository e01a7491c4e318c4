import type { Finding } from '../../base/finding.ts'
import { plural } from '../../base/quantity.ts'
import type { Repository } from '../../git/repository.ts'
import { count, type Newer } from '../../records/newer.ts'
import { formatNoteLine, isNewer, type NoteLine, parseNote } from '../../records/note.ts'
import { readSettings } from '../local/settings.ts'
import { readNotes } from '../notes/read-notes.ts'
import { collectNotes } from '../notes/rebuild-notes.ts'

const hint = 'git prov notes rebuild'

interface CheckedNotes {
  findings: Finding[]
  /** Lines of kinds that only a newer version knows: what they should say is not known here. */
  newer: Newer['noteLines']
}

/** Holds the notes against what the branch says they should be. */
export async function checkNotes(repository: Repository): Promise<CheckedNotes> {
  const { notesRef } = readSettings(repository)
  const { lines: wanted } = await collectNotes(repository)
  const checked: CheckedNotes = { findings: [], newer: {} }
  let older = 0
  for await (const batch of readNotes(repository, notesRef)) {
    for (const { commit, text } of batch) {
      const note = parseNote(text)
      for (const line of note.lines) if (isNewer(line)) count(checked.newer, line.of)
      const { message, code, olderLines } = compareNote(
        note,
        wanted.get(commit)?.filter((line) => !isNewer(line)),
      )
      if (message) checked.findings.push({ code, severity: 'warning', where: commit, message, hint })
      older += olderLines
      wanted.delete(commit)
    }
  }
  for (const [commit, lines] of wanted)
    if (!lines.every(isNewer))
      checked.findings.push({
        code: 'note-missing',
        severity: 'warning',
        where: commit,
        message: 'has records but no note',
        hint,
      })
  if (older > 0) checked.findings.push(olderFinding(notesRef, older))
  return checked
}

function olderFinding(notesRef: string, lines: number): Finding {
  const message = `${plural(lines, 'line')} by an older git-prov, which could not say all`
  return { code: 'note-older', severity: 'info', where: notesRef, message, hint }
}

interface Compared {
  code: string
  message: string | undefined
  /** Lines that stand for a record and say less than they could. */
  olderLines: number
}

function compareNote(
  { lines: present, skipped }: { lines: readonly NoteLine[]; skipped: number },
  wanted: readonly NoteLine[] = [],
): Compared {
  const read = present.filter(({ kind }) => kind !== 'unread')
  const have = new Set(read.map(formatNoteLine))
  const lacking = wanted.filter((line) => !have.has(formatNoteLine(line)))
  const unread = present.filter((line) => line.kind === 'unread' && !isNewer(line))
  const older = unread.filter(({ id }) => lacking.some((line) => line.id === id)).length
  const missing = lacking.length - older
  const extra = read.length - (wanted.length - lacking.length) + unread.length - older
  if (missing > 0)
    return {
      code: 'note-missing',
      message: `its note lacks ${missing} of ${wanted.length} lines`,
      olderLines: older,
    }
  const isStrange = extra > 0 || skipped > 0
  const message = wanted.length === 0 ? 'has a note but no record' : 'its note has lines that no record has'
  return { code: 'note-extra', message: isStrange ? message : undefined, olderLines: older }
}
