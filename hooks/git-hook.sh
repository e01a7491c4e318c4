#!/bin/sh
# git-prov hook: records the environment and the data of a commit. Whatever happens here, the commit goes through.
# Written by `git prov init`, taken out by `git prov init --uninstall`; changes made here are written over.
node='@NODE@'
hook='@HOOK@'
name='@NAME@'
lfs='@LFS@'

git_prov() {
  unset NODE_EXTRA_CA_CERTS NODE_OPTIONS
  if [ ! -x "$node" ] || [ ! -f "$hook" ]; then
    if command -v git-prov >/dev/null 2>&1; then
      git-prov hook "$name" "$@"
      return
    fi
    [ "$name" = pre-push ] && return
    dir=$(git rev-parse --git-common-dir 2>/dev/null)
    [ -d "$dir/prov" ] && echo "$name" >>"$dir/prov/queue"
    echo 'prov: node was not found where it was installed; the next git prov command captures this commit (git prov doctor)' >&2
    return
  fi
  if [ "$name" = post-commit ]; then
    dir=${GIT_DIR:-.git}
    [ -d "$dir/prov" ] || dir=$(git rev-parse --git-common-dir 2>/dev/null)
    if [ -f "$dir/prov/background" ]; then
      # The stamp's time is the commit's moment; data changed after it is told apart.
      stamp=$dir/prov/stamp.$$
      : >"$stamp"
      command -v setsid >/dev/null 2>&1 && detach=setsid || detach=nohup
      $detach "$node" "$hook" background "$stamp" </dev/null >/dev/null 2>&1 &
      return
    fi
    if [ -f "$dir/prov/cache/asks" ]; then
      # What the capture reads is read while node starts.
      git cat-file --batch='%(objectname) %(objecttype) %(objectsize) %(rest)' <"$dir/prov/cache/asks" 2>/dev/null |
        "$node" "$hook" "$name" --fed
      return
    fi
  fi
  "$node" "$hook" "$name" "$@"
}

before=${0%/*}/$name.before-git-prov
case $0 in *.legacy) if grep -q pre-commit "$before" 2>/dev/null; then before=; fi ;; esac
status=0
case $name in
post-rewrite | pre-push)
  input=$(cat)
  give() { [ -z "$input" ] || printf '%s\n' "$input"; }
  [ -x "$before" ] && { give | "$before" "$@" || status=$?; }
  if [ -n "$lfs" ] && [ ! -x "$before" ] && [ $status = 0 ]; then
    # As git-lfs's own hook would: a push whose files are not sent too is stopped.
    command -v git-lfs >/dev/null 2>&1 || { echo 'git-lfs is not on PATH and this repository uses it' >&2; exit 2; }
    give | git lfs "$name" "$@" || status=$?
  fi
  [ $status = 0 ] && [ -z "$GIT_PROV_IN_HOOK" ] && give | git_prov "$@"
  ;;
*)
  [ -x "$before" ] && { "$before" "$@" || status=$?; }
  [ -n "$lfs" ] && command -v git-lfs >/dev/null 2>&1 && git lfs "$name" "$@"
  [ -n "$GIT_PROV_IN_HOOK" ] || git_prov "$@"
  ;;
esac
exit $status
