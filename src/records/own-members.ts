/** Members of a record that hold digests, names of objects and our own words: no person, no place, no secret. */
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
