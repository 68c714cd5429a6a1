// A status page for everybody: may customers call us, and may we call them? Without numbers, names or amounts.
import { createServer } from 'node:http';
import { ask, Refusal } from './parts/gateway.mjs';

const { PORT = 4103, TITLE = 'WhatsApp calls', CACHE_SECONDS = '60' } = process.env;
const WORDS = { available: '✓ available', blocked: '✗ not available', unknown: '? unknown' };
const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function pageOf({ inbound, outbound, headline, checked_at }) {
  const rows = [
    ['Customers call us', inbound],
    ['We call customers', outbound],
  ].map(([what, { verdict }]) => `<tr><th scope="row">${what}<td>${WORDS[verdict]}`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="60"><title>${escaped(TITLE)}</title>
<h1>${escaped(TITLE)}</h1><table>${rows.join('')}</table><p>${escaped(headline)}<p><small>As of ${checked_at}</small>`;
}

let kept = { until: 0 };
async function look() {
  // However many people look, the gateway is asked once in a while.
  if (Date.now() < kept.until) return kept;
  const until = Date.now() + Number(CACHE_SECONDS) * 1_000;
  try {
    kept = { until, code: 200, page: pageOf(await ask('/api/calling/status')) };
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : error);
    kept = { until, code: 503, page: '<!doctype html><title>Unknown</title><p>The state is not known just now.' };
  }
  return kept;
}

createServer(async (_request, response) => {
  const { code, page } = await look();
  response.writeHead(code, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "default-src 'none'" }).end(page);
}).listen(PORT, '127.0.0.1', () => console.log(`Ready at http://127.0.0.1:${PORT}/`));
