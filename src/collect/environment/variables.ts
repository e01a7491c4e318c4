import { missing } from '../../base/missing.ts'
import type { CollectInput, Collector } from './collector.ts'

// Variables that change what a computation gives (the frameworks' own documentation), none of which names a person or a place.
const chosen = [
  'CUDA_VISIBLE_DEVICES',
  'CUDA_LAUNCH_BLOCKING',
  'CUBLAS_WORKSPACE_CONFIG',
  'NVIDIA_TF32_OVERRIDE',
  'TF_DETERMINISTIC_OPS',
  'TF_CUDNN_DETERMINISTIC',
  'TF_ENABLE_ONEDNN_OPTS',
  'XLA_FLAGS',
  'JAX_ENABLE_X64',
  'PYTORCH_CUDA_ALLOC_CONF',
  'PYTHONHASHSEED',
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'MKL_CBWR',
  'OPENBLAS_NUM_THREADS',
  'HIP_VISIBLE_DEVICES',
  'ROCR_VISIBLE_DEVICES',
  'WORLD_SIZE',
  'TOKENIZERS_PARALLELISM',
]

/** Environment variables that change results: the built-in list and those prov.yaml names. */
export const variables: Collector = {
  half: 'software',
  name: 'variables',
  keys: (input) => [`=${JSON.stringify(pick(input))}`],
  collect(input) {
    const found = pick(input)
    return Object.keys(found).length > 0 ? found : missing('none of the chosen variables is set')
  },
}

function pick({ env, variables: declared, redactor }: CollectInput): Record<string, string> {
  const names = [...new Set([...chosen, ...declared])].sort()
  const found: Record<string, string> = {}
  for (const name of names) {
    const value = env[name]
    if (value !== undefined) found[name] = redactor.redactValue(name, value, `variables.${name}`).text.slice(0, 1024)
  }
  return found
}
