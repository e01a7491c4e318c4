import { staysInside } from '../../base/inside-path.ts'
import { quoteWord } from '../../base/shell-quote.ts'
import type { Run } from '../../records/record.ts'

/** What a script needs from a run. */
export interface ScriptedRun {
  id: string
  record: Run
  commit: string
  snapshotTree: string | undefined
}

/**
 * A script for a POSIX shell, git and sha256sum that replays runs in order, each in its own work tree: it verifies inputs
 * and compares outputs by digest, and exits with 1 when one differs.
 */
export function replayScript(runs: readonly ScriptedRun[]): string {
  return `${[header, ...runs.map(section), 'exit "$differs"'].join('\n')}\n`
}

const header = `#!/bin/sh
# Does recorded runs again. Type it in a clone that has their commits: sh replay.sh
set -eu
export LC_ALL=C
repository=$(git rev-parse --show-toplevel)
base=$(mktemp -d)
trap 'git -C "$repository" worktree prune; rm -rf "$base"; git -C "$repository" worktree prune' EXIT
trap 'exit 130' INT TERM HUP
differs=0
digest() { # of a file, or of a folder as its manifest has it; nothing when there is nothing
  if [ -d "$1" ]; then
    (cd "$1" && find -L . -type f -printf '%P\\0' | sort -z | xargs -0 -r sha256sum --) | sha256sum | cut -c1-64
  elif [ -f "$1" ]; then
    sha256sum <"$1" | cut -c1-64
  fi
}
need() { # path digest: from the code, else from the work tree
  [ "$(digest "./$1")" = "$2" ] && return 0
  if [ "$(digest "$repository/$1")" = "$2" ]; then
    rm -rf "./$1"; mkdir -p "$(dirname "./$1")"; cp -RL "$repository/$1" "./$1"; return 0
  fi
  echo "cannot run: input $1 is not here as it was ($2)" >&2; exit 2
}
packages() { # what is installed in the work tree is seen from here, too
  for one in .venv venv env node_modules; do
    if [ -e "$repository/$1/$one" ] && [ ! -e "$1/$one" ]; then ln -s "$repository/$1/$one" "$1/$one"; fi
  done
}
same() { # path digest
  if [ "$(digest "./$1")" = "$2" ]; then echo "same     $1"; else echo "differs  $1"; differs=1; fi
}
`

function section({ id, record, commit, snapshotTree }: ScriptedRun, index: number): string {
  const folder = record.workingFolder
  const lines = [
    `# run ${id}`,
    `git -C "$repository" worktree add --quiet --detach --no-checkout "$base/${index + 1}" ${commit}`,
    `cd "$base/${index + 1}"`,
    `git read-tree --reset -u ${snapshotTree ?? commit}`,
    ...(snapshotTree ? [`git read-tree ${commit}`] : []),
    ...listed(record.inputs, 'need'),
    ...[...new Set(['.', folder])].filter(staysInside).map((one) => `packages ${quoteWord(one)}`),
    // A failing command is reported, and its outputs are still compared.
    staysInside(folder)
      ? `(cd ${quoteWord(`./${folder}`)} && ${command(record.command)}) || echo "exit status $?" >&2`
      : cannot(folder),
    ...listed(record.outputs ?? [], 'same'),
  ]
  return `${lines.join('\n')}\n`
}

function listed(files: Run['inputs'], word: string): string[] {
  return files.flatMap(({ path, digest }) => {
    if (digest === undefined) return []
    return [staysInside(path) ? `${word} ${quoteWord(path)} ${digest}` : cannot(path)]
  })
}

const cannot = (path: string) => `echo ${quoteWord(`cannot run: ${path} is outside the work tree`)} >&2; exit 2`

/** `<home>` stands for the home folder of whoever ran it. */
function command(words: readonly string[]): string {
  return words
    .map(
      (word) =>
        word
          .split('<home>')
          .map((part) => (part ? quoteWord(part) : ''))
          .join('"$HOME"') || "''",
    )
    .join(' ')
}
