import { homedir, hostname, userInfo } from 'node:os'
import { missing } from '../../core/missing.ts'
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

function pick({ env, variables: declared }: CollectInput): Record<string, string> {
  const names = [...new Set([...chosen, ...declared])].sort()
  const found: Record<string, string> = {}
  for (const name of names) {
    const value = env[name]
    if (value !== undefined) found[name] = guarded(name, value)
  }
  return found
}

const secretName =
  /(^|_)(TOKEN|SECRET|PASSWORD|PASSWD|PWD|CREDENTIALS?|AUTH|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|KEY|COOKIE|SESSION)(_|$)/i
const secretShape =
  /(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{20,}|glpat-[\w-]{20,}|hf_[A-Za-z0-9]{30,}|sk-[\w-]{20,}|xox[abps]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{35}|eyJ[\w-]{10,}\.[\w-]{10,}\.|-----BEGIN|:\/\/[^/\s:@]+:[^/\s@]+@)/

/** A value is withheld, and said to be, when it looks secret or names the user, the machine or the home folder. */
function guarded(name: string, value: string): string {
  if (secretName.test(name) || secretShape.test(value)) return '(withheld: looks like a secret)'
  if (homeFolder.test(value) || privateWords().some((word) => holds(value, word))) {
    return '(withheld: names a user, host or home folder)'
  }
  return value.slice(0, 1024)
}

const homeFolder = /(^|[^\w])\/(home|Users|root)\//

/** As a word of its own: short names are parts of many words. */
function holds(value: string, word: string): boolean {
  const at = value.indexOf(word)
  if (at < 0) return false
  const around = [value[at - 1] ?? ' ', value[at + word.length] ?? ' ']
  return around.every((character) => !/[A-Za-z0-9]/.test(character)) || holds(value.slice(at + 1), word)
}

let words: string[] | undefined

function privateWords(): string[] {
  words ??= [homedir(), hostname(), safeUser()].filter(
    (word) => word.length >= 2 && word !== 'root' && word !== 'localhost',
  )
  return words
}

function safeUser(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
