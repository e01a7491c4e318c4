import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { GitServer } from '../support/http-server.ts'
import { inProcess } from '../support/in-process.ts'
import { entry, provRepository, type Ran, type TestRepository, temporaryFolder } from '../support/repository.ts'

const root = resolve(import.meta.dirname, '../..')
const decision = (status: string, more = '') =>
  `title: Use focal loss\nstatus: ${status}\nrole: trainer\ncontext: x\nwhy: y\nhypotheses:\n  - statement: z\ncriteria:\n  - metric: f1\n    at_least: 0.80\n${more}`
const stable = (text: string) =>
  text
    .replace(/\b[0-9a-f]{40}\b/g, '<oid>')
    .replace(/\b[0-9a-f]{10}\b/g, '<oid>')
    .replace(/\b[0-9a-f]{6}\b/g, '<id>')
    .replace(/\d{4}-\d\d-\d\d/g, '<day>')

/** main with data, a decision that rests on it and a run; a branch that changes all of it. */
async function history(): Promise<TestRepository> {
  const test = provRepository({
    'data/train/a.csv': 'a\n',
    'params.yaml': 'lr: 0.1\n',
    'prov.yaml':
      'datasets:\n  - name: train\n    path: data/train\nparameters: [params.yaml]\nmetrics: [metrics.json]\ncapture:\n  budget: 60\n',
  })
  test.commit('Ignore', { '.gitignore': 'metrics.json\n' })
  const digest = (await inProcess(test).log('-n', '1'))[0].datasets.train.digest
  test.commit('Decide on data', {
    'decisions/2026-11-01-labels.yaml': `title: Keep | the labels\nstatus: accepted\ncontext: x\nwhy: y\nevidence:\n  - dataset: train\n    digest: ${digest}\n`,
  })
  test.ok('run', '-q', '--stage', 'train', '--', 'sh', '-c', `echo '{"f1": 0.79}' >metrics.json`)
  test.git('checkout', '--quiet', '-b', 'focal')
  test.commit('Focal loss', {
    'decisions/2026-11-23-focal.yaml': decision('proposed'),
    'params.yaml': 'lr: 0.01\n',
    'data/train/b.csv': 'b\n',
  })
  test.ok(
    'run',
    '-q',
    '--stage',
    'train',
    '--expect',
    'metrics.f1 >= 0.8',
    '--',
    'sh',
    '-c',
    `echo '{"f1": 0.83}' >metrics.json`,
  )
  return test
}

function runAsync(
  test: TestRepository,
  script: string,
  env: Record<string, string> = {},
  cwd = test.path,
): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn('bash', ['-eo', 'pipefail', '-c', script], { cwd, env: { ...test.env, ...env } })
    const out = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => (out.stdout += chunk))
    child.stderr.on('data', (chunk) => (out.stderr += chunk))
    child.on('close', (status) => done({ status: status ?? -1, ...out }))
  })
}

describe('git prov pr', () => {
  it('says in one comment what changed, how the metrics moved, and what is missing', async () => {
    const test = await history()
    expect(stable(await inProcess(test).ok('pr', '--base', 'main'))).toMatchInlineSnapshot(`
      "<!-- git-prov -->

      ### Provenance

      1 commit since \`main\`, 3 files +12 −1; 1 remark.

      #### Data, environment, parameters

      |  | what | before | after |  |
      | --- | --- | --- | --- | --- |
      | data | train | \`<id>\` | \`<id>\` | +1 file |
      | parameter | \`lr\` | \`0.1\` | \`0.01\` | params.yaml |

      #### Runs

      | run | status | metric | value | baseline | change |
      | --- | --- | --- | --- | --- | --- |
      | \`<id>\` train | ok, expectation met | \`f1\` | 0.83 | 0.79 (run <id>) | +0.04 better |

      #### Decisions

      |  | decision | status |  |
      | --- | --- | --- | --- |
      | proposed | \`focal\` Use focal loss | proposed |  |
      | **made stale** | \`labels\` Keep &#124; the labels | accepted | dataset train was <id> and is <id> now |

      #### Missing

      - ! \`dataset train\` dataset train changed in commit <oid> (now <id>), and nothing says why  
        git prov decision new --set evidence=dataset:train "&lt;what and why&gt;"; or git prov brief --outcome '…'

      <details><summary>Lineage</summary>

      \`\`\`mermaid
      flowchart LR
        n0(["train <id>"])
        n1[("train <id>")]
        n1 --> n0
      \`\`\`

      </details>
      "
    `)
    expect(JSON.parse(await inProcess(test).ok('pr', '--base', 'main', '--json'))).toMatchObject({
      commits: 1,
      runs: [{ status: 'ok', answer: 'met', metrics: [{ name: 'f1', value: 0.83, baseline: 0.79 }] }],
    })
  })

  it("escapes markup in other people's text", async () => {
    const test = await history()
    const title = '<script>alert(1)</script> @everyone `x` [a](javascript:b)'
    test.commit('Evil', { 'decisions/2026-11-24-evil.yaml': `title: ${JSON.stringify(title)}\nstatus: proposed\n` })
    const comment = await inProcess(test).ok('pr', '--base', 'main')
    expect(comment).not.toContain('<script>')
    expect(comment).not.toContain('@everyone')
    expect(comment).not.toMatch(/[^\\]\]\(javascript/)
  })

  it.each([
    [['pr'], 'pr needs --base, the branch to merge into'],
    [['pr', '--base', 'nothing'], "'nothing' is not a commit here"],
  ])('%j is refused', async (words, message) => {
    const result = await inProcess(provRepository()).prov(...words)
    expect(result.status).toBe(2)
    expect(result.stderr).toContain(message)
  })
})

/** The forge's comments, on a loopback port. */
async function forge() {
  const comments: { id: number; body: string }[] = []
  const calls: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      calls.push(
        `${request.method} ${request.url?.split('?')[0]} ${request.headers.authorization ?? request.headers['private-token']}`,
      )
      const id = Number(request.url?.match(/\/(?:comments|notes)\/(\d+)$/)?.[1])
      if (request.method === 'POST') comments.push({ id: comments.length + 1, body: JSON.parse(body).body })
      else if (id) (comments.find((one) => one.id === id) as { body: string }).body = JSON.parse(body).body
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(request.method === 'GET' ? comments : {}))
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  afterAll(() => server.close())
  return { comments, calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A checkout as CI makes it: one commit deep, of one branch, over smart HTTP. */
async function checkout() {
  const origin = await history()
  const server = await GitServer.start()
  server.create('model')
  const url = server.url('model')
  const pushed = await runAsync(origin, `git push --quiet --no-verify ${url} main focal prov`)
  expect(pushed.status, pushed.stderr).toBe(0)
  const folder = join(temporaryFolder(), 'work')
  const cloned = await runAsync(origin, `git clone --quiet --depth 1 --branch focal ${url} ${folder}`)
  expect(cloned.status, cloned.stderr).toBe(0)
  const bin = join(temporaryFolder(), 'bin')
  mkdirSync(bin)
  symlinkSync(entry, join(bin, 'git-prov'))
  return { origin, folder, path: `${bin}${delimiter}${origin.env.PATH}` }
}

describe('in CI, on a checkout one commit deep', () => {
  it('the steps of action.yml check and comment, and update the comment the next time', async () => {
    const { origin, folder, path } = await checkout()
    const { comments, calls, url } = await forge()
    const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'))
    const temporary = temporaryFolder()
    const runner = {
      PATH: path,
      RUNNER_TEMP: temporary,
      GITHUB_ACTION_PATH: root,
      GITHUB_STEP_SUMMARY: join(temporary, 'summary.md'),
      GITHUB_API_URL: url,
      GITHUB_REPOSITORY: 'team/model',
      BASE: 'main',
      LEVEL: 'error',
      TOKEN: 'secret',
      NUMBER: '5',
    }
    const [install, ...steps] = action.runs.steps
    expect(install.run).toContain('npm install --global')
    const results: Ran[] = []
    for (const step of [...steps, ...steps]) results.push(await runAsync(origin, step.run, runner, folder))
    const [fetched, commented, checked] = results as [Ran, Ran, Ran]
    expect(fetched, fetched.stderr).toMatchObject({ status: 0 })
    expect(commented, commented.stderr).toMatchObject({ status: 0 })
    expect(checked.stdout).toMatch(/^(::(error|warning|notice) .*\n)*$/)
    expect(comments).toHaveLength(1)
    expect(comments[0]?.body).toContain('### Provenance')
    expect(comments[0]?.body).toContain('+0.04')
    expect(readFileSync(runner.GITHUB_STEP_SUMMARY, 'utf8')).toContain('### Provenance')
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['GET', 'POST', 'GET', 'PATCH'])
    expect(calls[0]).toBe('GET /repos/team/model/issues/5/comments Bearer secret')
  })

  it('the script of the GitLab template does the same, and only checks without a token', async () => {
    const { origin, folder, path } = await checkout()
    const { comments, url } = await forge()
    const template = parse(readFileSync(join(root, 'ci/gitlab.yml'), 'utf8'))['git-prov']
    const script = template.script.slice(3).join('\n')
    const runner = {
      PATH: path,
      CI_DIR: join(root, 'ci'),
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      CI_MERGE_REQUEST_IID: '7',
      CI_API_V4_URL: url,
      CI_PROJECT_ID: '3',
      GIT_PROV_LEVEL: template.variables.GIT_PROV_LEVEL,
    }
    const quiet = await runAsync(origin, script, runner, folder)
    expect(quiet.stderr).toContain('the comment is not posted')
    expect(comments).toEqual([])
    const result = await runAsync(origin, script, { ...runner, GIT_PROV_TOKEN: 'secret' }, folder)
    expect(comments).toHaveLength(1)
    expect(JSON.parse(readFileSync(join(folder, 'gl-code-quality-report.json'), 'utf8'))).toBeInstanceOf(Array)
    expect([0, 1]).toContain(result.status)
  })

  it('a checkout whose origin has no provenance is reported, and still checked', async () => {
    const { origin, folder, path } = await checkout()
    await runAsync(origin, 'git push --quiet --no-verify "$(git remote get-url origin)" :prov', {}, folder)
    const fetched = await runAsync(origin, `bash ${join(root, 'ci/fetch.sh')} main`, { PATH: path }, folder)
    expect(fetched.stderr).toContain('there is no branch prov on origin')
    const checked = await runAsync(origin, 'git prov check --base origin/main', { PATH: path }, folder)
    expect([0, 1]).toContain(checked.status)
  })
})
