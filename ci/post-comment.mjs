// post-comment.mjs github|gitlab <file>: writes one comment on the pull request, or writes the one that is there anew.
// TOKEN, NUMBER and the forge's own variables say where; without a token or a number it does nothing.
import { readFileSync } from 'node:fs'

const [forge, file] = process.argv.slice(2)
const { env } = process
const { TOKEN: token, NUMBER: number } = env
const mark = '<!-- git-prov -->'

const forges = {
  github: {
    comments: `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues/${number}/comments`,
    one: (id) => `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues/comments/${id}`,
    change: 'PATCH',
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
  },
  gitlab: {
    comments: `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}/merge_requests/${number}/notes`,
    one: (id) => `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}/merge_requests/${number}/notes/${id}`,
    change: 'PUT',
    headers: { 'private-token': token },
  },
}

async function call(url, method, body) {
  const { headers } = forges[forge]
  const response = await fetch(url, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify({ body }) }),
  })
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${response.status} ${await response.text()}`)
  return await response.json()
}

/** Comments come a hundred at a time. */
async function findOurs() {
  for (let page = 1; page <= 30; page++) {
    const comments = await call(`${forges[forge].comments}?per_page=100&page=${page}`, 'GET')
    const ours = comments.find(({ body }) => body?.startsWith(mark))
    if (ours || comments.length < 100) return ours
  }
  return undefined
}

if (!token || !number) console.error('prov: no token or no pull request: the comment is not posted')
else {
  try {
    const body = readFileSync(file, 'utf8')
    const ours = await findOurs()
    if (ours) await call(forges[forge].one(ours.id), forges[forge].change, body)
    else await call(forges[forge].comments, 'POST', body)
  } catch (error) {
    // A comment that cannot be posted (a fork's token reads only) fails no check.
    console.error(`prov: the comment was not posted: ${error.message}`)
  }
}
