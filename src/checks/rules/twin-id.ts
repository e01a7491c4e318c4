import type { CheckRule } from '../../decisions/model/problem.ts'

export const twinId: CheckRule = {
  name: 'twin-id',
  level: 'error',
  summary: 'each decision has an id of its own',
  explain:
    'The id of a decision is the name of its file without the date and the extension. Records, evidence and other decisions name it by that id, so two files cannot share one. Rename one of them: git mv keeps its history. A newer decision that takes the place of an older one is a file of its own that says supersedes: [<old id>].',
  check: ({ drafts }) => {
    const first = new Map<string, string>()
    return drafts.flatMap(({ file, slug }) => {
      const twin = first.get(slug)
      if (twin === undefined) first.set(slug, file)
      if (twin === undefined) return []
      const message = `the id '${slug}' is also that of ${twin}`
      return [{ where: file, file, line: 1, column: 1, message, hint: `git mv ${file} to a name of its own` }]
    })
  },
}
