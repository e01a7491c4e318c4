import type { Finding } from '../../base/finding.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { formatNoteLine, parseNote } from '../../records/note.ts'
import { readSettings } from '../local/settings.ts'
import { collectNotes } from '../notes/rebuild-notes.ts'

/** Holds the notes against what the branch says they should be. */
export async function checkNotes(repository: Repository): Promise<Finding[]> {
  const { notesRef } = readSettings(repository)
  const wanted = (await collectNotes(repository)).lines
  const actual = listNotes(repository, notesRef)
  const hint = 'git prov notes rebuild'
  const findings: Finding[] = []
  const objects = new ObjectReader(repository)
  try {
    for (const [commit, lines] of wanted) {
      const oid = actual.get(commit)
      const note = oid && (await objects.read(oid))
      const { lines: present, skipped } = parseNote(note ? note.body.toString('utf8') : '')
      const have = new Set(present.map(formatNoteLine))
      const missing = lines.filter((line) => !have.has(formatNoteLine(line))).length
      const extra = present.length - (lines.length - missing)
      if (missing > 0)
        findings.push({
          code: 'note-missing',
          severity: 'warning',
          where: commit,
          message: oid ? `its note lacks ${missing} of ${lines.length} lines` : 'has records but no note',
          hint,
        })
      else if (extra > 0 || skipped > 0)
        findings.push({
          code: 'note-extra',
          severity: 'warning',
          where: commit,
          message: 'its note says what no record says',
          hint,
        })
    }
  } finally {
    objects.close()
  }
  for (const commit of actual.keys()) {
    if (!wanted.has(commit))
      findings.push({
        code: 'note-extra',
        severity: 'warning',
        where: commit,
        message: 'has a note but no record',
        hint,
      })
  }
  return findings
}

/** Commit to note blob, through whatever fan-out there is. */
function listNotes(repository: Repository, notesRef: string): Map<string, string> {
  const result = tryGit(repository, ['ls-tree', '-r', '-z', '--full-tree', notesRef])
  const lines = result.status === 0 ? result.stdout.toString('latin1').split('\0').filter(Boolean) : []
  return new Map(
    lines.map((line) => [line.slice(line.indexOf('\t') + 1).replaceAll('/', ''), line.split(/[ \t]/)[2] as string]),
  )
}
