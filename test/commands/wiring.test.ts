import { beforeAll, expect, it } from 'vitest'
import { commands } from '../../src/cli/table.ts'
import { provRepository, type TestRepository } from '../support/repository.ts'

/** Each command once as a process of what is shipped: its words, its exit status, and what it says. RUN is a run there. */
const table: [words: string[], status: number, said: RegExp][] = [
  [['init'], 0, /^prov: everything is already set up\n/],
  [['dataset', 'list'], 0, /^train {2}data\/train {2}/],
  [['capture'], 0, /^prov: nothing to capture\n/],
  [['status'], 0, /^prov: HEAD \w{7} is captured\n/],
  [['verify'], 0, /every one matches its name\n/],
  [['doctor'], 0, /^prov: no problems found\n/],
  [['notes', 'rebuild'], 0, /^prov: notes of 1 commit are already right/],
  [['hook', 'no-such-hook'], 0, /^/],
  [['demo', 'a', 'b'], 2, /^error: demo takes one folder\n/],
  [['completion', 'bash'], 0, /complete .*git-prov/],
  [['log'], 0, /^commit \w{40} \(HEAD -> main\)\n/],
  [['show', 'RUN'], 0, /^run /],
  [['diff', 'HEAD', 'HEAD'], 0, /^$/],
  [['why', 'out.txt'], 1, /^out\.txt\n\nno decision, brief or run explains it/],
  [['trace', 'out.txt'], 0, /^out\.txt /],
  [['impact', 'train'], 0, /^prov: nothing rests on earlier versions of train\n/],
  [['run', '-q', '--', 'sh', '-c', 'echo said; exit 3'], 3, /^said\n$/],
  [['note', 'RUN', '-m', 'Good'], 0, /^prov: /],
  [['runs', '--csv'], 0, /^id,status,/],
  [['compare', 'RUN', 'none'], 2, /^error: there is no run 'none' here\n/],
  [['replay', 'RUN'], 2, /./],
  [['bundle', 'RUN', '-o', 'bundle'], 0, /^prov: \/.*bundle {2}/],
  [['import', 'dvc'], 0, /^prov: 0 runs imported from dvc\n/],
  [['export', 'nothing'], 2, /^error: /],
  [['decision', 'list'], 0, /^prov: no decisions yet/],
  [['check'], 0, /^prov: 0 decisions: no problems\.\n/],
  [['waive'], 2, /^error: waive takes a rule and a place\n/],
  [['brief'], 1, /^prov: no brief for this commit yet\n/],
  [['review', 'none'], 2, /^error: there is no decision 'none'\n/],
  [['pr', '--base', 'main'], 0, /^<!-- git-prov -->\n/],
  [['lessons', 'nowhere'], 1, /^prov: /],
  [['sync'], 2, /^error: no remote has been chosen/],
  [['publish', '--profile', 'none'], 2, /^error: /],
  [['federate', 'list'], 0, /^$/],
  [['archive', '--before', '2020-01-01', '--dry-run'], 0, /^prov: /],
  [['seal'], 2, /^error: the commit on the branch could not be signed\n/],
  [['attest', 'HEAD'], 0, /"_type": "https:\/\/in-toto\.io\/Statement\/v1"/],
  [['guard', 'check'], 0, /^prov: refs\/heads\/prov complies with the policy\n/],
  [['redact', 'none'], 2, /^error: 'none' is not a record,/],
  [['restrict', 'HEAD', '--to', 'nobody', 'a=b'], 2, /^error: /],
  [['reveal', 'none'], 2, /^error: 'none' is not a restricted record here\n/],
  [['rewrap'], 0, /^prov: 0 restricted records/],
  [['disclose', 'none', 'field'], 2, /^error: /],
  [['review-policy'], 0, /records reviewed: nothing to do/],
]

let test: TestRepository
let id: string
beforeAll(() => {
  test = provRepository()
  const { stderr } = test.prov('run', '-o', 'out.txt', '--', 'sh', '-c', 'echo x >out.txt')
  id = stderr.match(/prov: run (\w{6})/)?.[1] as string
})

it.each(table)('git prov %j', (words, status, said) => {
  const result = test.prov(...words.map((word) => (word === 'RUN' ? id : word)))
  expect({ status: result.status, said: result.stdout + result.stderr }).toEqual({
    status,
    said: expect.stringMatching(said),
  })
})

it('every command is covered', () => {
  expect(table.map(([[name]]) => name).sort()).toEqual(commands.map(({ name }) => name).sort())
})
