/** The heading of a comparison without changes: it is no reason to write a first comment. */
const NO_CHANGES = /^### .*: no changes$/m;

/** Tokens of a person, unlike those of a workflow or an app ("GitHub's token formats"). */
const PERSONAL_TOKEN = /^(?:gh[opu]|github_pat)_/;

/**
 * Writes the comment on a pull request, or updates the one of an earlier run, which starts with the same marker
 * ("REST API endpoints for issue comments").
 */
export async function updateComment(markdown, number, env) {
  const [marker] = markdown.split('\n', 1);
  const api = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues`;
  const existing = await findComment(`${api}/${number}/comments`, marker, env);
  if (existing) await request('PATCH', `${api}/comments/${existing.id}`, env, { body: markdown });
  else if (!NO_CHANGES.test(markdown)) {
    await request('POST', `${api}/${number}/comments`, env, { body: markdown });
  }
}

async function findComment(url, marker, env) {
  // People can quote the marker, or write it themselves.
  const { login } = PERSONAL_TOKEN.test(env.XRAY_TOKEN)
    ? await request('GET', `${env.GITHUB_API_URL}/user`, env)
    : {};
  const isOwn = (user) => (login === undefined ? user?.type === 'Bot' : user?.login === login);
  for (let page = 1; ; page++) {
    const comments = await request('GET', `${url}?per_page=100&page=${page}`, env);
    const found = comments.find(({ body, user }) => isOwn(user) && body?.startsWith(`${marker}\n`));
    if (found || comments.length < 100) return found;
  }
}

async function request(method, url, env, content) {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${env.XRAY_TOKEN}`,
      'content-type': 'application/json',
      'x-github-api-version': '2022-11-28',
    },
    body: content && JSON.stringify(content),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok)
    throw new Error(`${method} ${new URL(url).pathname}: ${response.status} ${response.statusText}`);
  return response.json();
}
