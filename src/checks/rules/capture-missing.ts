import type { CheckRule } from '../../decisions/model/problem.ts'

export const captureMissing: CheckRule = {
  name: 'capture-missing',
  level: 'warning',
  summary: 'each commit under review has a capture',
  explain:
    'Without a capture nobody can say which environment and which data a commit was made with. git prov capture <range> makes late ones, which claim only what the commit still proves; git prov init installs the hook that makes them at once. Captures made on another clone come with git fetch, or were never pushed: git push <remote> prov. A clone without the branch prov gets a single note.',
  check: ({ head, change, ledger }) => {
    const commits = change?.commits ?? (head ? [head] : [])
    if (commits.length === 0) return []
    if (!ledger) {
      const message = 'there is no branch prov here, so captures and records were not checked'
      return [{ where: 'prov', level: 'info', message, hint: 'git fetch origin prov:prov; git prov init' }]
    }
    return commits
      .filter(({ captured }) => !captured)
      .map(({ oid, subject }) => ({
        where: `commit ${oid}`,
        message: `commit ${oid.slice(0, 10)} '${subject}' has no capture`,
        hint: `git prov capture ${oid.slice(0, 10)}~..${oid.slice(0, 10)}`,
      }))
  },
}
