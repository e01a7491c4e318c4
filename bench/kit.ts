// What the benchmark needs of the product itself, so that its synthetic repositories are made by the product's own code.

export { fingerprintDatasets } from '../src/collect/datasets.ts'
export { buildEnvironment } from '../src/core/environment.ts'
export { stringifyJson } from '../src/core/json.ts'
export { environmentPath, recordPath } from '../src/core/layout.ts'
export { formatNoteLine, noteLines } from '../src/core/note.ts'
export { buildRecord } from '../src/core/record.ts'
export { ObjectReader } from '../src/git/objects.ts'
export { locateRepository } from '../src/git/repository.ts'
export { branchFiles } from '../src/ledger/init.ts'
export { growChain } from '../src/ledger/notes-chain.ts'
export { startMlflowServer } from '../src/serve/mlflow/server.ts'
