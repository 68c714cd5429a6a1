// One CSV file a day for a warehouse: node bi-export.mjs [2026-11-22]; without a date the last three days (UTC), each written whole.
import { rename, writeFile } from 'node:fs/promises';
import { ask } from './parts/gateway.mjs';

const { EXPORTS = '.' } = process.env;
const DAY = 86_400_000;
const dayOf = (time) => new Date(time).toISOString().slice(0, 10);
const today = Date.parse(dayOf(Date.now()));
const days = process.argv[2] ? [process.argv[2]] : [3, 2, 1].map((ago) => dayOf(today - ago * DAY));

for (const day of days) {
  const query = new URLSearchParams({ since: `${day}T00:00:00Z`, until: `${dayOf(Date.parse(day) + DAY)}T00:00:00Z` });
  const csv = await ask(`/api/calling/calls?${query}`, undefined, { Accept: 'text/csv' });
  const file = `${EXPORTS}/calls-${day}.csv`;
  // A reader of the file sees the whole of it or the one before.
  await writeFile(`${file}.part`, csv, { mode: 0o600 });
  await rename(`${file}.part`, file);
  console.log(`${file}: ${csv.split('\r\n').length - 2} calls`);
}
