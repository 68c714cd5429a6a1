// Who on a list may be called now? node campaign.mjs people.txt > plan.csv: one number a line; `--ask` asks those who must allow it.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ask, Refusal } from './parts/gateway.mjs';

const { values, positionals } = parseArgs({ options: { ask: { type: 'boolean' }, template: { type: 'string' } }, allowPositionals: true });
const people = new Set((await readFile(positionals[0], 'utf8')).split('\n').flatMap((line) => line.trim() || []));
const template = values.template && { name: values.template, language: { code: 'en' } };
const cell = (value) => (/[",;]/.test(value ?? '') ? `"${value.replaceAll('"', '""')}"` : (value ?? ''));
const print = (row) => console.log(row.map(cell).join(','));

async function request(to) {
  const asked = { to, ...(template ? { template } : { body: 'May we call you on WhatsApp?' }) };
  // The day stands in the key: a list that breaks off and is run again asks no one twice.
  const { status } = await ask('/api/calling/request-permission', asked, {
    'Idempotency-Key': `${new Date().toISOString().slice(0, 10)} ${to}`,
  });
  return ['asked', status, '', 'Call when permission.updated says so.'];
}

print(['to', 'next_step', 'code', 'not_before', 'remedy']);
for (const to of people) {
  try {
    const query = new URLSearchParams({ to, session: 'true', template: String(Boolean(template)) });
    const { next_step: step, code, earliest_at: at, remedy } = await ask(`/api/calling/preflight?${query}`);
    print([to, ...(values.ask && step === 'ask' ? await request(to) : [step, code, at, remedy])]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, retry_at: at, detail, remedy } = error.problem;
    print([to, 'refused', code, at, `${detail} ${remedy}`]);
    // The gateway reads five permissions a second at most, and says when there is room again.
    if (error.problem.status === 429) await new Promise((done) => setTimeout(done, Math.max(1_000, Date.parse(at) - Date.now())));
  }
}
