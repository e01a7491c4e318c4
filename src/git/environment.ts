/** Environment variables, as in process.env. */
export type Variables = Readonly<Record<string, string | undefined>>

// `git rev-parse --local-env-vars` of git 2.39 to 2.55, and what git sets for commands and hooks it runs.
const local = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_COUNT',
  'GIT_OBJECT_DIRECTORY',
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_REPLACE_REF_BASE',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_REFLOG_ACTION',
  'GIT_EDITOR',
  'GIT_SEQUENCE_EDITOR',
  'GIT_EXTERNAL_DIFF',
  'GIT_DIFF_OPTS',
  'GIT_PAGER',
  'GIT_CHERRY_PICK_HELP',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_NOTES_REF',
  'GIT_NOTES_DISPLAY_REF',
  'GIT_DEFAULT_HASH',
])

const dropped = (name: string) =>
  local.has(name) || /^GIT_(AUTHOR_|COMMITTER_DATE$|TRACE|CONFIG_KEY_|CONFIG_VALUE_|NOTES_REWRITE_)/.test(name)

/**
 * The environment of our git processes: the user's, without anything that ties git to another repository, index, author
 * or editor (a hook inherits those, and a nested git would act on the user's index), plus settings for stable output.
 */
export function cleanEnvironment(env: Variables): Record<string, string> {
  const clean: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !dropped(name)) clean[name] = value
  }
  clean.LC_ALL = 'C'
  clean.GIT_OPTIONAL_LOCKS = '0'
  clean.GIT_PROV_IN_HOOK = '1'
  return clean
}
