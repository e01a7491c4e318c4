/** Members of a record that hold digests, object names and our own words: never personal or secret text. */
export const ownMembers = [
  'about',
  'agent',
  'environment',
  'kind',
  'links',
  'phase',
  'runId',
  'series',
  'usage',
] as const
