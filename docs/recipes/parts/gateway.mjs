// What the recipes share: one request to the gateway, and its refusals in words.
const { GATEWAY_URL = 'http://127.0.0.1:3000', GATEWAY_API_KEY, GATEWAY_LANGUAGE = 'en' } = process.env;

/** The gateway said no (RFC 9457): why, what to do about it, and when that may change. */
export class Refusal extends Error {
  constructor(problem) {
    const { code, detail, remedy, retry_at: at } = problem;
    super([`${detail} (${code})`, remedy && `What to do: ${remedy}`, at && `Possible again: ${at}`].filter(Boolean).join('\n'));
    this.problem = problem;
  }
}

// A refusal that is not caught ends the recipe with its words and not with a stack.
process.on('uncaughtException', (error) => {
  console.error(error instanceof Refusal ? error.message : error);
  process.exit(1);
});

/** The answer as `fetch` gives it. @throws Refusal */
export async function open(path, { headers, ...options } = {}) {
  const common = { Authorization: `Bearer ${GATEWAY_API_KEY}`, 'Accept-Language': GATEWAY_LANGUAGE };
  const answer = await fetch(GATEWAY_URL + path, { ...options, headers: { ...common, ...headers } }).catch((error) => {
    throw new Error(`Nothing answers at ${GATEWAY_URL} (${error.cause?.code ?? error.message})`);
  });
  if (!answer.ok) throw new Refusal(await answer.json());
  return answer;
}

/** GET, or POST with a body; JSON comes back read, anything else as text. @throws Refusal */
export async function ask(path, body, headers) {
  const content = body && { method: 'POST', body: JSON.stringify(body) };
  const type = body && { 'Content-Type': 'application/json' };
  const answer = await open(path, { ...content, headers: { ...type, ...headers }, signal: AbortSignal.timeout(30_000) });
  return answer.headers.get('Content-Type').startsWith('application/json') ? answer.json() : answer.text();
}
