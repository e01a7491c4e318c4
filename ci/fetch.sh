#!/usr/bin/env bash
# fetch.sh <base branch>: what a checkout in CI lacks, which is most: the base, the common commit, the provenance.
set -euo pipefail
base=$1
quiet=(--quiet --no-tags)
git fetch "${quiet[@]}" --depth=50 origin "+refs/heads/$base:refs/remotes/origin/$base"
# A shallow checkout is deepened until the two meet.
for deepen in 100 1000 unshallow; do
  git merge-base "origin/$base" HEAD >/dev/null 2>&1 && break
  [ "$(git rev-parse --is-shallow-repository)" = true ] || break
  if [ "$deepen" = unshallow ]; then git fetch "${quiet[@]}" --unshallow origin || true
  else git fetch "${quiet[@]}" --deepen="$deepen" origin "+refs/heads/$base:refs/remotes/origin/$base" || true; fi
done
if [ -n "$(git ls-remote origin refs/heads/prov)" ]; then
  git fetch "${quiet[@]}" origin +refs/heads/prov:refs/heads/prov
  git prov notes rebuild >/dev/null
else
  echo 'prov: there is no branch prov on origin; captures are not checked' >&2
fi
