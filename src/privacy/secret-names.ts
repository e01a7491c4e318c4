/** How strongly a name suggests that its value is secret. */
export type NameStrength =
  | 'secret' // any value, except one that means none
  | 'token' // a value that could be one: models count and pad tokens too
  | 'weak' // only values that look random

const compounds =
  /(api|access|private|secret|account|auth|client|signing|encryption|refresh|bearer|session)(key|token|secret|password)/g
const notKeys =
  /^(public|primary|foreign|sort|partition|group|cache|rng|prng|random|dict|map|metric|row|column|index|layer|registry|hot|short|object|s3|annex|dedupe|routing|translation|config)$/
const keyOf =
  /^(api|access|private|secret|signing|encryption|account|master|storage|subscription|service|auth|ssh|license|consumer|deploy|admin|shared|hmac|symmetric|ssl|tls|gpg|webhook|instrumentation)$/
const tokenOf =
  /^(auth|access|api|bearer|refresh|id|session|bot|oauth|csrf|xsrf|security|github|gitlab|gh|hf|hub|huggingface|wandb|slack|npm|pypi|deploy|personal|service|vault|jwt|login|user|admin|secret|ci|push|registry|mlflow|dagshub|kaggle|comet|neptune|clearml|replicate|telegram|discord|sentry|codecov|sonar|docker|azure|aws|gcp|google|tracking)$/
/** Words that go with a model's tokens. */
const notToken =
  /^(pad|padding|eos|bos|unk|sep|cls|mask|masked|special|max|min|num|n|start|end|stop|begin|image|img|text|audio|video|per|next|first|last|prompt|input|output|decoder|encoder|new|extra|total|sample|vocab|query|fim|think|tool|boi|eoi|eot|word|class|every|each|single|multi|time)$/
/** The value describes a secret without being one. */
const about =
  /^(file|files|path|paths|dir|folder|name|names|type|env|var|variable|url|uri|length|len|size|count|policy|hash|digest|algorithm|manager|provider|format|version|field|column|ttl|expiry|expires|enabled|required|rotation|min|max|regex|pattern|prefix|suffix|store|arn|ref|usage|limit|id)$/

/** What a name (of a variable, an option, a JSON or YAML key) suggests about its value. */
export function judgeName(name: string): NameStrength | undefined {
  const words = wordsOf(name)
  const last = words.at(-1) ?? ''
  if (words.length > 1 && about.test(last) && !(last === 'id' && words.at(-2) === 'secret')) return undefined
  if (words.some((word) => /^(password|passwd|passphrase|passcode|passwords|pwd|pw|secret|secrets)$/.test(word)))
    return 'secret'
  if (
    /^(pgpassword|mypwd|sshpass|apikey|authkey|credential|credentials|creds|connectionstring|authorization|cookie|dsn)$/.test(
      words.join(''),
    )
  )
    return 'secret'
  if (/^(credential|credentials|creds|apikey)$/.test(last)) return 'secret'
  return judgeLast(words, last)
}

function judgeLast(words: readonly string[], last: string): NameStrength | undefined {
  const before = words.at(-2) ?? ''
  if (last === 'key') return keyOf.test(before) ? 'secret' : notKeys.test(before) ? undefined : 'weak'
  if (last === 'token' || (last === 'value' && before === 'token')) {
    if (tokenOf.test(before)) return 'secret'
    return notToken.test(before) ? undefined : 'token'
  }
  if (last === 'pass' && words.length <= 2) return 'token'
  return /^(auth|session|signature|sig|sas|salt|jwt|bearer|pat|otp|credential|cookie|seedphrase|mnemonic)$/.test(last)
    ? 'weak'
    : undefined
}

/** wandbApiKey, WANDB_API_KEY, wandb-apikey: all give wandb, api, key. Uses the last part of a dotted path. */
function wordsOf(name: string): string[] {
  const leaf = name.slice(name.lastIndexOf('.') + 1)
  return leaf
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(compounds, '$1_$2')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}

const placeholder =
  /^(|true|false|yes|no|on|off|null|none|nil|undefined|n\/a|auto|default|required|optional|string|str|bool|int|number|text|any|bytes|optional\[.*|\*+|x{3,}|\.{3}|…|-|\$.*|%\w+%|\{.*|<.*>|\[.*\]|os\.environ.*|os\.getenv.*|process\.env.*|getenv.*|getpass.*|env\(.*|input\(.*|!vault.*|vault:.*|op:\/\/.*|secrets?\.[\w.]+)$/i

/** Whether a value under a name of that strength counts as a secret. */
export function isSecretValue(strength: NameStrength, name: string, value: string): boolean {
  const text = value.trim()
  if (placeholder.test(text) || text.toLowerCase() === name.toLowerCase()) return false
  if (strength === 'secret') return text.length >= 3 && !(isPathLike(text) && !/pass/i.test(name))
  if (/\s/.test(text) || isPathLike(text) || /^[\d.,_e+-]+$/i.test(text)) return false
  const mixed = /\d/.test(text) && /[A-Za-z]/.test(text)
  if (strength === 'token') return text.length >= 20 ? entropyOf(text) >= 2.5 : text.length >= 6 && mixed
  return text.length >= 16 && mixed && entropyOf(text) >= 3 && !isIdentifier(text)
}

const path =
  /^(~|\.{0,2})\/[\w./ -]+$|^[\w-]+(\/[\w.-]+)+$|^[\w./-]+\.(pem|key|crt|json|ya?ml|txt|toml|ini|env|pub|csv|db)$/i

/** Base64 has slashes too. */
const isPathLike = (text: string) =>
  path.test(text) && !(text.length >= 20 && /[A-Z]/.test(text) && /\d/.test(text) && changesOf(text) >= 0.33)

/** Digests, UUIDs, git-annex keys and dates often appear under `key` and `session`, and are not secrets. */
const isIdentifier = (text: string) =>
  /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|^(MD5|SHA\d+|BLAKE\w+|URL|WORM)E?-|^sha\d+[-:]|^\d{4}-\d\d-\d\d/i.test(
    text,
  )

/** Shannon entropy over the characters of a text, in bits per character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/**
 * Whether a text is random letters and digits, by how often the character class changes: words stay in one class for
 * longer. Hex is excluded: digests are everywhere here.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 32 || text.length > 128 || /^[0-9a-f]+$/i.test(text)) return false
  if (text.split(/[/=_]/).some((part) => /^[0-9a-f]{16,}$/i.test(part))) return false
  const classes = classesOf(text)
  if (['A', 'a', '0'].some((wanted) => classes.filter((one) => one === wanted).length < 3)) return false
  return changesOf(text) >= 0.4 && entropyOf(text) >= 4.2
}

const classesOf = (text: string) =>
  [...text].map((c) => (/[A-Z]/.test(c) ? 'A' : /[a-z]/.test(c) ? 'a' : /\d/.test(c) ? '0' : '-'))

/** Share of neighbouring characters of different classes: about 0.6 in base64. */
function changesOf(text: string): number {
  const classes = classesOf(text)
  return classes.filter((one, index) => index > 0 && one !== classes[index - 1]).length / text.length
}
