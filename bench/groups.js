import { background } from './groups/background.js'
import { commits } from './groups/commits.js'
import { decisions } from './groups/decisions.js'
import { disk } from './groups/disk.js'
import { fingerprint } from './groups/fingerprint.js'
import { guard } from './groups/guard.js'
import { imports } from './groups/import.js'
import { log } from './groups/log.js'
import { mlflow } from './groups/mlflow.js'
import { peers } from './groups/peers.js'
import { reasons } from './groups/reasons.js'
import { run } from './groups/run.js'
import { runs } from './groups/runs.js'
import { sync } from './groups/sync.js'

export const groups = {
  commits,
  peers,
  background,
  fingerprint,
  log,
  run,
  runs,
  disk,
  guard,
  mlflow,
  decisions,
  reasons,
  import: imports,
  sync,
}
