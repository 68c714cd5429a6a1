import { DAY } from '#kernel/clock.js';
import type { JsonRecord } from '#kernel/read.js';
import { possible, sure } from '#simulator/control/control-error.js';
import { nextView, numberView, snakeCased } from '#simulator/control/views.js';
import type { SimulatedLine } from '#simulator/line.js';
import { HISTORIES, historyOf, isHistory } from '#simulator/traffic/histories.js';
import { BILLING_FORMS } from '#simulator/webhooks/message-webhooks.js';

const MOST_DAYS = 90;

/** `GET /history`. */
export const histories = ({ traffic }: SimulatedLine): JsonRecord => ({
  history: traffic.history,
  histories: HISTORIES.map((name) => ({ name, en: historyOf(name).texts[0], es: historyOf(name).texts[1] })),
});

/** `PUT /history`: the partner's days, the tier, the quality and the restrictions of the number. Sends no message webhooks: see `/traffic`. */
export function loadHistory(line: SimulatedLine, { history, days_ahead: ahead = 0, seed }: JsonRecord): JsonRecord {
  sure(isHistory(history), `history must be one of ${HISTORIES.join(', ')}`);
  sure(isDays(ahead, 0), `days_ahead must be a whole number, 0 to ${MOST_DAYS}`);
  sure(seed === undefined || (typeof seed === 'string' && seed !== ''), 'seed must be a text');
  line.traffic.load(history, { present: line.clock.now() + ahead * DAY, ...(seed !== undefined && { seed }) });
  const done = `the history ${history} is loaded; counts and calls that were told before stay, restrictions and the limit are those of this history`;
  return { done, ...histories(line), number: numberView(line.context), next: nextView(line) };
}

/** `POST /traffic`: the webhooks of the last days, with their own timestamps; answers when each has been attempted once. */
export async function replayDays(line: SimulatedLine, { days, form = 'per_message', duplicates, late }: JsonRecord): Promise<JsonRecord> {
  sure(isDays(days, 1), `days must be a whole number, 1 to ${MOST_DAYS}`);
  const wanted = BILLING_FORMS.find((known) => known === form);
  sure(wanted, `form must be one of ${BILLING_FORMS.join(', ')}`);
  sure(isShare(duplicates), 'duplicates must be a number, 0 to 1');
  sure(isShare(late), 'late must be a number, 0 to 1');
  possible(line.delivery.target, 'no webhook is registered');
  const until = line.clock.now();
  const pattern = { form: wanted, ...(duplicates !== undefined && { duplicates }), ...(late !== undefined && { late }) };
  const lived = await line.traffic.replay({ from: until - days * DAY, until, pattern });
  const done = `${days} days of ${line.traffic.history} were lived: ${lived.webhooks} webhooks have left`;
  return { done, traffic: { ...lived, days: lived.days.map(snakeCased) }, next: nextView(line) };
}

const isDays = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MOST_DAYS;

const isShare = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= 1);
