/** A rule that recognises a secret by its form alone, in any context. Rules are data, so a policy can add some. */
export interface RedactRule {
  /** Shown to the user: lower-case words joined by '-'. */
  id: string
  /** A substring of every match (case-sensitive): texts without it are skipped. */
  hint?: string
  /** A JavaScript regular expression. */
  pattern: string
  /** i, s, m: as in JavaScript. */
  flags?: string
  /** The capture group that is the secret; by default 0, the whole match. */
  group?: number
  /** Minimum entropy of the secret in bits per character (Shannon, over its own characters). */
  entropy?: number
}

const shape = (id: string, hint: string, pattern: string, extra: Partial<RedactRule> = {}): RedactRule => ({
  id,
  hint,
  pattern: `(?<![A-Za-z0-9])${pattern}(?![A-Za-z0-9])`,
  ...extra,
})

/** Formats that issuers publish so that scanners can find their secrets. */
export const redactRules: readonly RedactRule[] = [
  {
    id: 'private-key',
    hint: '-----BEGIN',
    pattern:
      '-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----END)){0,20000}(?:-----END [A-Z0-9 ]{0,40}-----)?',
  },
  { id: 'putty-key', hint: 'PuTTY-User-Key-File', pattern: 'PuTTY-User-Key-File-[23]:[\\s\\S]{0,20000}' },
  shape('jwt', 'eyJ', 'eyJ[\\w-]{8,8000}\\.[\\w-]{8,8000}(?:\\.[\\w-]{0,8000}){0,3}'),
  shape('age-key', 'AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-1[A-Z0-9]{40,80}'),
  shape('aws-access-key', 'A', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}', { entropy: 2.5 }),
  shape('aws-bedrock-key', 'ABSK', 'ABSK[A-Za-z0-9+/]{60,400}={0,2}'),
  shape('anthropic-key', 'sk-ant-', 'sk-ant-[\\w-]{20,200}'),
  shape('openai-key', 'sk-', 'sk-(?:proj-|svcacct-|admin-|or-v1-|lf-)?[A-Za-z0-9_-]{20,200}', { entropy: 3.3 }),
  shape('huggingface-token', 'hf_', 'hf_[A-Za-z0-9]{30,60}'),
  shape('huggingface-org-token', 'api_org_', 'api_org_[A-Za-z0-9]{30,60}'),
  shape('wandb-key', 'wandb_v1_', 'wandb_v1_[A-Za-z0-9_]{30,200}'),
  shape('replicate-token', 'r8_', 'r8_[A-Za-z0-9]{30,60}'),
  shape('groq-key', 'gsk_', 'gsk_[A-Za-z0-9]{40,80}'),
  shape('xai-key', 'xai-', 'xai-[A-Za-z0-9]{60,100}'),
  shape('perplexity-key', 'pplx-', 'pplx-[A-Za-z0-9]{40,64}'),
  shape('nvidia-key', 'nvapi-', 'nvapi-[\\w-]{40,100}'),
  shape('together-key', 'tgp_v1_', 'tgp_v1_[\\w-]{30,80}'),
  shape('pinecone-key', 'pcsk_', 'pcsk_[A-Za-z0-9_]{40,120}'),
  shape('langsmith-key', 'lsv2_', 'lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}'),
  shape('neptune-token', 'eyJhcGlf', 'eyJhcGlf[A-Za-z0-9+/]{40,600}={0,2}'),
  shape('github-token', 'gh', 'gh[pousr]_[A-Za-z0-9]{30,251}'),
  shape('github-fine-grained-token', 'github_pat_', 'github_pat_[A-Za-z0-9_]{22,251}'),
  shape(
    'gitlab-token',
    'gl',
    'gl(?:pat|ptt|rt|cbt|soat|agent|oas|dt|ft|ffct|imt|rtr)-(?:[0-9a-zA-Z]{1,2}_)?[\\w.-]{20,320}',
  ),
  shape('bitbucket-token', 'ATBB', 'ATBB[A-Za-z0-9]{24,60}'),
  shape('atlassian-token', 'ATATT3', 'ATATT3[A-Za-z0-9_=-]{100,300}'),
  shape('npm-token', 'npm_', 'npm_[A-Za-z0-9]{36}'),
  shape('pypi-token', 'pypi-', 'pypi-AgE[\\w-]{40,400}'),
  shape('rubygems-key', 'rubygems_', 'rubygems_[a-f0-9]{48}'),
  shape('docker-token', 'dckr_', 'dckr_(?:pat|oat)_[\\w-]{20,60}'),
  shape('databricks-token', 'dapi', 'dapi[a-f0-9]{32}(?:-\\d)?'),
  shape('google-key', 'AIza', 'AIza[\\w-]{35}'),
  shape('google-oauth-token', 'ya29.', 'ya29\\.[\\w-]{20,400}'),
  shape('google-oauth-secret', 'GOCSPX-', 'GOCSPX-[\\w-]{20,60}'),
  shape('azure-client-secret', 'Q~', '[\\w~.-]{3}\\dQ~[\\w~.-]{31,34}'),
  shape('azure-account-key', 'AccountKey=', 'AccountKey=([A-Za-z0-9+/]{40,100}={0,2})', { group: 1 }),
  shape('digitalocean-token', '_v1_', 'do[opr]_v1_[a-f0-9]{64}'),
  shape('heroku-key', 'HRKU-', 'HRKU-[\\w-]{30,80}'),
  shape('fly-token', 'fm', 'fm[12][ar]?_[A-Za-z0-9+/=_-]{40,800}'),
  shape('vault-token', 'hv', 'hv[sbr]\\.[\\w-]{20,300}'),
  shape('terraform-token', '.atlasv1.', '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{60,70}'),
  shape('slack-token', 'xox', 'xox[abeoprs]-[A-Za-z0-9-]{10,250}'),
  shape('slack-app-token', 'xapp-', 'xapp-\\d-[A-Za-z0-9-]{20,200}'),
  {
    id: 'slack-webhook',
    hint: 'hooks.slack.com',
    pattern: 'hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/]{20,120})',
    group: 1,
  },
  {
    id: 'discord-webhook',
    hint: '/api/webhooks/',
    pattern: 'discord(?:app)?\\.com/api/webhooks/(\\d{10,30}/[\\w-]{20,120})',
    group: 1,
  },
  {
    id: 'teams-webhook',
    hint: '.webhook.office.com',
    pattern: '\\.webhook\\.office\\.com/(webhookb2/[\\w@/-]{40,300})',
    group: 1,
  },
  shape('telegram-token', ':A', '\\d{8,10}:A[\\w-]{34}'),
  shape('stripe-key', 'k_', '[rs]k_(?:live|test|prod)_[A-Za-z0-9]{16,120}'),
  shape('sendgrid-key', 'SG.', 'SG\\.[\\w-]{16,32}\\.[\\w-]{16,64}'),
  shape('mailgun-key', 'key-', 'key-[0-9a-f]{32}'),
  shape('mailchimp-key', '-us', '[0-9a-f]{32}-us\\d{1,2}'),
  shape('twilio-key', 'SK', 'SK[0-9a-f]{32}'),
  shape('square-token', 'sq0', 'sq0(?:atp|csp|idp)-[\\w-]{22,60}'),
  shape('shopify-token', 'shp', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}'),
  shape('linear-key', 'lin_api_', 'lin_api_[A-Za-z0-9]{40}'),
  shape('notion-token', 'ntn_', 'ntn_[A-Za-z0-9]{40,60}'),
  shape('postman-key', 'PMAK-', 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}'),
  shape('grafana-token', 'gl', 'gl(?:sa|c)_[A-Za-z0-9+/_=]{32,400}'),
  shape('sentry-token', 'sntry', 'sntry[su]_[A-Za-z0-9+/=_-]{40,400}'),
  shape('new-relic-key', 'NRA', 'NRAK-[A-Z0-9]{27}'),
  shape('supabase-token', 'sbp_', 'sbp_[a-f0-9]{40}'),
  shape('planetscale-token', 'pscale_', 'pscale_(?:tkn|oauth|pw)_[\\w.=-]{32,64}'),
  shape('doppler-token', 'dp.', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9_.-]{40,80}'),
  shape('onepassword-token', 'ops_eyJ', 'ops_eyJ[A-Za-z0-9+/]{100,2000}={0,3}'),
  shape('artifactory-key', 'AKCp', 'AKCp[A-Za-z0-9]{69}'),
  { id: 'bearer', hint: 'earer ', pattern: '\\b[Bb]earer\\s{1,3}([A-Za-z0-9._~+/-]{12,4096}={0,2})', group: 1 },
  {
    id: 'basic-auth',
    hint: 'asic ',
    pattern: '\\b[Bb]asic\\s{1,3}([A-Za-z0-9+/]{12,1024}={0,2})',
    group: 1,
    entropy: 3,
  },
  { id: 'netrc', hint: 'login', pattern: '\\blogin\\s{1,3}\\S{1,256}\\s{1,3}password\\s{1,3}(\\S{1,512})', group: 1 },
  { id: 'sshpass', hint: 'sshpass', pattern: '\\bsshpass\\s{1,3}-p\\s{0,3}(\\S{1,512})', group: 1 },
  {
    id: 'curl-user',
    hint: 'curl',
    pattern:
      '\\bcurl\\b.{0,2000}?\\s(?:-u|--user|-U|--proxy-user)[=\\s]{1,3}["\']?[^\\s:"\']{1,256}:([^\\s"\']{1,512})',
    group: 1,
  },
]
