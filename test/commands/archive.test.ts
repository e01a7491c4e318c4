import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, provRepository, type TestRepository } from '../support/repository.ts'

/** Commits made in 2020 and 2021, by the dates git-prov takes for its records from the commit's clock. */
function aged(): TestRepository {
  const repository = provRepository({
    'data/train/a.csv': 'a\n',
    'prov.yaml': 'datasets:\n  - name: train\n    path: data/train\n',
  })
  for (let n = 0; n < 6; n++) repository.commit(`Change ${n}`, { 'data/train/a.csv': `${n}\n` })
  return repository
}
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
const logOf = async (repository: TestRepository) =>
  (await inProcess(repository).log('main')).map((line) => JSON.stringify(line))

it('old records are in one file, and log, show, verify and the notes say the same as before', async () => {
  const repository = aged()
  const before = {
    log: await logOf(repository),
    show: await inProcess(repository).show('HEAD~2'),
    notes: repository.git('rev-parse', 'refs/notes/prov^{tree}'),
  }
  const single = repository.branch('records')
  expect(await inProcess(repository).ok('archive', '--before', tomorrow, '--dry-run')).toMatch(
    /^prov: would fold 7 records before /,
  )
  expect(repository.branch('records')).toEqual(single)
  expect(await inProcess(repository).ok('archive', '--before', tomorrow, '--reason', 'Old')).toMatch(
    /^prov: folded 7 records before \S+ into 1 archive \(\d/,
  )
  const left = repository.branch('records')
  expect(left).toHaveLength(1)
  expect(left[0]).toMatch(/^records\/archive\//)
  const [archive] = repository.branch('archives') as [string]
  expect(archive.slice('archives/'.length + 3, -'.txt'.length)).toBe(
    createHash('sha256')
      .update(repository.run('git', ['cat-file', 'blob', `prov:${archive}`]).stdout)
      .digest('hex'),
  )
  expect(await logOf(repository)).toEqual(before.log)
  expect(await inProcess(repository).show('HEAD~2')).toEqual(before.show)
  expect(await inProcess(repository).ok('show', before.show.id.slice(0, 10))).toContain(before.show.id)
  repository.git('update-ref', '-d', 'refs/notes/prov')
  await inProcess(repository).ok('notes', 'rebuild')
  expect(repository.git('rev-parse', 'refs/notes/prov^{tree}')).toBe(before.notes)
  expect(await inProcess(repository).ok('verify')).toMatch(/^prov: 8 records, .* every one matches its name\n$/)
  expect(await inProcess(repository).ok('archive', '--before', tomorrow)).toMatch(/^prov: no record before /)
  expect(await logOf(repository)).toEqual(before.log)
})

it('a file cut out of an archive with tail and head matches its name', async () => {
  const repository = aged()
  await inProcess(repository).ok('archive', '--before', tomorrow)
  const [archive] = repository.branch('archives') as [string]
  const script = `git cat-file blob prov:${archive} >../a; n=$(sed -n '1s/.* //p' ../a); sed -n "2,$((n+1))p" ../a >../list
    at=$(($(head -n $((n+1)) ../a | wc -c) + 1))
    while read -r length path; do tail -c +$at ../a | head -c "$length" | sha256sum | cut -d' ' -f1; at=$((at + length)); done <../list`
  const { stdout } = repository.run('sh', ['-c', script])
  const ids = repository.run('sh', ['-c', "sed 's#.*/##; s#\\.json##' ../list"]).stdout
  expect(stdout).toBe(ids)
  expect(ids.split('\n').filter(Boolean)).toHaveLength(7)
})

it('a clone that archives and one that writes join to the same tree, with nothing lost', async () => {
  const origin = aged()
  const [a, b] = [cloneOf(origin), cloneOf(origin)]
  for (const clone of [a, b]) await inProcess(clone).ok('init')
  await inProcess(a).ok('archive', '--before', tomorrow)
  const written = b.commit('Elsewhere', { 'data/train/a.csv': 'elsewhere\n' })
  a.git('fetch', '--quiet', b.path, 'prov:refs/remotes/origin/prov', '--force')
  b.git('fetch', '--quiet', a.path, 'prov:refs/remotes/origin/prov', '--force')
  for (const clone of [a, b]) await inProcess(clone).ok('init')
  expect(a.git('rev-parse', 'prov^{tree}')).toBe(b.git('rev-parse', 'prov^{tree}'))
  expect(b.branch('records').filter((path) => path.startsWith('records/capture/'))).toHaveLength(1)
  expect(b.captures(written)).toHaveLength(1)
  for (const clone of [a, b]) expect(await inProcess(clone).ok('verify')).toMatch(/every one matches its name/)
})

it('records under a hold stay, and only archivers may archive', async () => {
  const repository = aged()
  const id = (await inProcess(repository).show('HEAD')).id as string
  const policy = (more: string) => `datasets:\n  - name: train\n    path: data/train\npolicy:\n  retention:\n${more}`
  repository.write({
    'prov.yaml': policy(`    holds:\n      - name: case 7\n        records: ["${id.slice(0, 8)}"]\n`),
  })
  expect(await inProcess(repository).ok('archive', '--before', tomorrow)).toMatch(/; 1 record under a legal hold stay/)
  expect(repository.branch('records/capture')).toEqual([expect.stringContaining(id)])
  repository.write({
    'prov.yaml': policy(
      '    archivers: [release-owner]\n  roles:\n    release-owner:\n      people: [ops@example.org]\n',
    ),
  })
  expect(await inProcess(repository).prov('archive', '--before', tomorrow)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'error: mei@example.org is not among policy.retention.archivers of prov.yaml\nhint:  one of these may: release-owner\n',
  })
})

it('verify finds files removed by somebody whom the policy does not name', async () => {
  const repository = aged()
  await inProcess(repository).ok('archive', '--before', tomorrow)
  repository.write({ 'prov.yaml': 'policy:\n  retention:\n    archivers: [ops@example.org]\n' })
  const { status, stdout } = await inProcess(repository).prov('verify')
  expect(stdout).toMatch(/removes 7 files, and mei@example.org is not among policy.retention.archivers/)
  expect(status).toBe(1)
})

it('verify finds an archive that lacks what its record removes, and a removal that no record names', async () => {
  const repository = aged()
  const path = repository.branch('records/capture')[0] as string
  await inProcess(repository).ok('archive', '--before', tomorrow)
  const [archive] = repository.branch('archives') as [string]
  const index = `GIT_INDEX_FILE=../index; export GIT_INDEX_FILE; git read-tree prov; git rm -q --cached`
  const commit = 'git update-ref refs/heads/prov $(git commit-tree -p prov -m x $(git write-tree))'
  repository.run('sh', ['-c', `${index} ${archive}; ${commit}`])
  const { status, stdout } = await inProcess(repository).prov('verify')
  expect(status).toBe(1)
  expect(stdout).toContain(`removes 7 of 7 files that its archive does not contain: ${path}`)
  expect(stdout).toMatch(/was removed by commit/)
})

it.each([
  [[], /archive needs --before, or policy.retention.archive-after-days in prov.yaml/],
  [['--before', 'soon'], /--before 'soon' is not a date/],
  [['x'], /archive takes no arguments/],
])('archive %j says what is wrong', async (words, expected) => {
  const { status, stderr } = await inProcess(provRepository()).prov('archive', ...words)
  expect(stderr).toMatch(expected)
  expect(status).toBe(2)
})
