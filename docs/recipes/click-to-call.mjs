// The "Call" button of a CRM: its form posts here, and the browser lands on the softphone with that call open.
import { createServer } from 'node:http';
import { ask, Refusal } from './parts/gateway.mjs';

const { PORT = 4101, CRM_ORIGIN = `http://127.0.0.1:${PORT}`, PERMISSION_TEMPLATE } = process.env;
const TRY = '<form method="post"><input name="to" placeholder="+52 1 55 …"><input name="reference"><button>Call</button></form>';

async function call({ to, reference, click }) {
  const template = PERMISSION_TEMPLATE && { name: PERMISSION_TEMPLATE, language: { code: 'en' } };
  const wish = { to, ...(reference && { reference }), ...(template && { permission_request: { template } }) };
  try {
    // `click` is made anew by the CRM for each page it shows: a double click is one call.
    return await ask('/api/calling/make-call', wish, click && { 'Idempotency-Key': click });
  } catch (error) {
    // There is a call with this person already: the button opens that one.
    if (error.problem?.code === 'call_in_progress' && error.problem.call) return error.problem.call;
    throw error;
  }
}

createServer(async (request, response) => {
  const say = (status, text, headers) => response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(text);
  if (request.method !== 'POST') return say(200, TRY, { 'Content-Type': 'text/html; charset=utf-8' });
  // Or any page in the world could have its visitor's browser place calls.
  if (request.headers.origin !== CRM_ORIGIN) return say(403, `Only pages of ${CRM_ORIGIN} may call.`);
  try {
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(await request.toArray()).toString()));
    const { links } = await call(form);
    say(303, `The call is in ${links.softphone}`, { Location: links.softphone });
  } catch (error) {
    const refused = error instanceof Refusal;
    say(refused ? error.problem.status : 502, refused ? error.message : 'The gateway does not answer.');
  }
}).listen(PORT, '127.0.0.1', () => console.log(`Ready at http://127.0.0.1:${PORT}/`));
