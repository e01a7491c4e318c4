import { numbers } from '../../bench/numbers.js'

// Secrets made anew from a seed: a repository that holds ready-made ones is refused by forges.

const lower = 'abcdefghijklmnopqrstuvwxyz'
const upper = lower.toUpperCase()
const digits = '0123456789'
const hex = '0123456789abcdef'
const word = lower + upper + digits
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

type Draw = (alphabet: string, length: number) => string

/** Tokens known by their form, wherever they stand. */
export const shaped: Record<string, (draw: Draw) => string> = {
  github: (draw) => `ghp_${draw(word, 36)}`,
  githubFine: (draw) => `github_pat_${draw(word, 22)}_${draw(word, 59)}`,
  gitlab: (draw) => `glpat-${draw(word, 20)}`,
  huggingface: (draw) => `hf_${draw(word, 34)}`,
  openai: (draw) => `sk-proj-${draw(word, 48)}`,
  anthropic: (draw) => `sk-ant-api03-${draw(`${word}-_`, 93)}AA`,
  aws: (draw) => `AKIA${draw(base32, 16)}`,
  google: (draw) => `AIza${draw(word, 35)}`,
  slack: (draw) => `xoxb-${draw(digits, 12)}-${draw(digits, 12)}-${draw(word, 24)}`,
  npm: (draw) => `npm_${draw(word, 36)}`,
  pypi: (draw) => `pypi-AgEIcHlwaS5vcmc${draw(word, 90)}`,
  databricks: (draw) => `dapi${draw(hex, 32)}`,
  jwt: (draw) => `eyJ${draw(word, 30)}.eyJ${draw(word, 60)}.${draw(word, 43)}`,
  sendgrid: (draw) => `SG.${draw(word, 22)}.${draw(word, 43)}`,
  digitalocean: (draw) => `dop_v1_${draw(hex, 64)}`,
  stripe: (draw) => `sk_live_${draw(word, 24)}`,
  replicate: (draw) => `r8_${draw(word, 37)}`,
  vault: (draw) => `hvs.${draw(word, 90)}`,
  docker: (draw) => `dckr_pat_${draw(word, 27)}`,
  age: (draw) => `AGE-SECRET-KEY-1${draw('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`,
}

/** Known only by the name they stand under. */
const plain: ((draw: Draw) => string)[] = [
  (draw) => draw(lower, 9) + draw(digits, 3),
  (draw) => draw(word, 40),
  (draw) => draw(hex, 40),
  (draw) => `${draw(upper, 1)}${draw(lower, 6)}-${draw(digits, 4)}`,
]

/** Where a secret can stand in text; `any`: under a name that says so, the others need a known form. */
export const textPlaces: { name: string; any: boolean; text: (secret: string) => string }[] = [
  { name: 'option with a space', any: true, text: (s) => `train.py --token ${s} --epochs 3` },
  { name: 'option with =', any: true, text: (s) => `train.py --api-key=${s}` },
  { name: 'option with quotes', any: true, text: (s) => `train.py --password "${s}" --lr 0.1` },
  { name: 'variable before a command', any: true, text: (s) => `WANDB_API_KEY=${s} python train.py` },
  { name: 'positional', any: false, text: (s) => `upload.sh ${s} model.pkl` },
  { name: 'url password', any: true, text: (s) => `https://mlops:${s}@git.example.org/team/x.git` },
  { name: 'url token user', any: false, text: (s) => `https://${s}@git.example.org/team/x.git` },
  { name: 'url query', any: true, text: (s) => `https://data.example.org/train.csv?access_token=${s}&v=2` },
  { name: 'signed url', any: true, text: (s) => `https://b.example.org/x?X-Amz-Security-Token=${s}&X-Amz-Date=1` },
  { name: 'database url', any: true, text: (s) => `postgresql://tracker:${s}@db.example.org:5432/mlflow` },
  { name: 'connection string', any: true, text: (s) => `Server=db;User Id=ml;Password=${s};Encrypt=true` },
  { name: 'bearer header', any: true, text: (s) => `curl -H "Authorization: Bearer ${s}" https://x.example.org` },
  { name: 'api key header', any: true, text: (s) => `X-Api-Key: ${s}` },
  { name: 'json', any: true, text: (s) => `{"client_secret": "${s}", "epochs": 3}` },
  { name: 'json in a string', any: true, text: (s) => `"{\\"api_key\\": \\"${s}\\"}"` },
  { name: 'yaml', any: true, text: (s) => `mlflow:\n  password: ${s}\n  uri: x` },
  { name: 'toml', any: true, text: (s) => `hf_token = "${s}"` },
  { name: 'ini', any: true, text: (s) => `[default]\naws_secret_access_key = ${s}\n` },
  { name: 'python source in a notebook', any: true, text: (s) => `"source": ["API_KEY = '${s}'\\n"]` },
  { name: 'notebook output', any: false, text: (s) => `"text": ["logged in with ${s}\\n"]` },
  { name: 'netrc', any: true, text: (s) => `machine api.example.org login user password ${s}` },
  { name: 'curl user', any: true, text: (s) => `curl -u mlops:${s} https://x.example.org` },
  { name: 'log line', any: false, text: (s) => `2026-11-24 10:00:00 INFO using key ${s}` },
  { name: 'log assignment', any: true, text: (s) => `INFO connecting with secret_key=${s}, retries=3` },
  { name: 'hydra override', any: true, text: (s) => `logger.wandb.api_key=${s}` },
  { name: 'dockerfile', any: true, text: (s) => `ENV DB_PASSWORD=${s}` },
  { name: 'export', any: true, text: (s) => `export HF_TOKEN='${s}'` },
  { name: 'annex log', any: false, text: (s) => `1732442400.1s https://annex.example.org/f?id=${s} 1` },
]

export interface Planted {
  secret: string
  place: string
  text: string
}

/** `count` secrets, each in its place, the same for the same seed. */
export function plantSecrets(count: number, seed = 5): Planted[] {
  const next = numbers(seed)
  const draw: Draw = (alphabet, length) =>
    Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join('')
  const shapes = Object.values(shaped)
  return Array.from({ length: count }, (_, index) => {
    const place = textPlaces[index % textPlaces.length] as (typeof textPlaces)[number]
    const makers = place.any && index % 3 === 0 ? plain : shapes
    const secret = (makers[Math.floor(index / textPlaces.length + index) % makers.length] as (draw: Draw) => string)(
      draw,
    )
    return { secret, place: place.name, text: place.text(secret) }
  })
}
