#!/usr/bin/env bash
# What `npm run test:interop` and the faults need beside Node and git.
set -euo pipefail
run() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
need=()
command -v git-lfs >/dev/null || need+=(git-lfs)
command -v git-annex >/dev/null || need+=(git-annex)
command -v strace >/dev/null || need+=(strace)
command -v mandoc >/dev/null || need+=(mandoc)
command -v age >/dev/null || need+=(age)
command -v openssl >/dev/null || need+=(openssl)
command -v python3 >/dev/null || need+=(python3)
python3 -c 'import venv, ensurepip' 2>/dev/null || need+=(python3-venv)
if [ ${#need[@]} -gt 0 ]; then
  run apt-get update -qq
  run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}"
fi
tools=.ci/tools
if [ ! -x "$tools/venv/bin/pre-commit" ]; then
  python3 -m venv "$tools/venv"
  "$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check pre-commit==4.3.0 uv
fi
[ -x "$tools/venv/bin/git-filter-repo" ] ||
  "$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check git-filter-repo==2.47.0
"$tools/venv/bin/python" -c 'import securesystemslib, in_toto_attestation' 2>/dev/null ||
  "$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check 'securesystemslib[crypto]==1.6.0' in-toto-attestation==0.9.3
# What writes and reads metrics: the clients themselves are the yardstick.
metrics=(mlflow-skinny==3.17.2 scikit-learn==1.9.1 pandas==3.1.1 tensorboard==2.21.0 tensorboardX==2.6.5 dvclive==3.49.1)
if ! "$tools/venv/bin/python" -c 'import dvclive, mlflow, pandas, sklearn, tensorboard, tensorboardX' 2>/dev/null; then
  "$tools/venv/bin/uv" pip install --quiet --python "$tools/venv/bin/python" "${metrics[@]}"
fi
# Other tools' histories to import: dvc comes with dvclive, MLflow's tables need SQLAlchemy.
"$tools/venv/bin/python" -c 'import alembic, datalad, sqlalchemy' 2>/dev/null ||
  "$tools/venv/bin/uv" pip install --quiet --python "$tools/venv/bin/python" datalad==1.7.1 alembic==1.20.1 sqlalchemy==2.1.9
mkdir -p "$tools/node"
[ -f "$tools/node/package.json" ] || echo '{"private": true}' >"$tools/node/package.json"
npm install --prefix "$tools/node" --no-audit --no-fund --silent --allow-scripts=lefthook husky@9 lefthook@2 @microsoft/jest-sarif@1.0.0-beta.0 secretlint@12.0.0 @secretlint/secretlint-rule-preset-recommend@12.0.0 || npm install --prefix "$tools/node" --no-audit --no-fund --silent husky@9 lefthook@2 @microsoft/jest-sarif@1.0.0-beta.0 secretlint@12.0.0 @secretlint/secretlint-rule-preset-recommend@12.0.0
