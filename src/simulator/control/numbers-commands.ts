import type { FastifyRequest } from 'fastify';
import { type JsonRecord, record } from '#kernel/read.js';
import { phoneDigits } from '#kernel/wa-id.js';
import type { SimulatedLine } from '#simulator/line.js';
import type { Simulator } from '#simulator/simulator.js';
import { ControlError, possible, sure } from './control-error.js';
import { lineView, nextView } from './views.js';

/** So many numbers are enough for any test, and few enough to be looked through at each request. */
const MOST_NUMBERS = 2_000;
const FIELDS = ['name', 'display_phone_number', 'waba_id', 'portfolio_id'];

/** The line that the query of a request names; undefined when it names none. @throws ControlError 404 for one that does not exist */
export const namedLine = (simulator: Simulator, { query }: Pick<FastifyRequest, 'query'>): SimulatedLine | undefined =>
  existingLine(simulator, record(query)?.phone_number_id);

/**
 * The line that a request is about, by `phone_number_id` in the query or the body; else the first. The body comes without it.
 * @throws ControlError 404 for a number that does not exist
 */
export function asked(
  simulator: Simulator,
  request: Pick<FastifyRequest, 'query'>,
  body: JsonRecord,
): { line: SimulatedLine; named?: SimulatedLine | undefined; body: JsonRecord } {
  const { phone_number_id: id, ...rest } = body;
  const named = existingLine(simulator, id) ?? namedLine(simulator, request);
  return { line: named ?? simulator, named, body: rest };
}

/** The line on which something goes on with a user: a live call, else the newest open question; else the first. */
export function lineWith(simulator: Simulator, id: string, named?: SimulatedLine): SimulatedLine {
  const person = simulator.context.users.find(id)?.person;
  if (named || !person) return named ?? simulator;
  const live = simulator.lines.find(({ context }) => context.calls.liveWith(context.users.of(person)));
  if (live) return live;
  const questions = simulator.lines.map((line) => ({ line, open: line.context.users.of(person).openRequest }));
  const [newest] = questions.filter(({ open }) => open && !open.answered).sort((a, b) => (b.open?.at ?? 0) - (a.open?.at ?? 0));
  return newest?.line ?? simulator;
}

/** `GET /numbers`: every number, without its key. */
export const listNumbers = ({ lines }: Simulator): JsonRecord => ({ numbers: lines.map(lineView) });

/** `POST /numbers`: another number with a line of its own. Its key is shown this once. */
export function addNumber(simulator: Simulator, body: JsonRecord): JsonRecord {
  for (const name of Object.keys(body)) sure(FIELDS.includes(name), `${name} is unknown: there are ${FIELDS.join(', ')}`);
  possible(simulator.lines.length < MOST_NUMBERS, `there are ${MOST_NUMBERS} numbers already`);
  const { name } = body;
  sure(
    name === undefined || (typeof name === 'string' && name !== '' && name.length <= 100),
    'name must be a text of at most 100 characters',
  );
  const display = readDisplay(body.display_phone_number);
  possible(display === undefined || isFree(simulator, display), `${display} is a number or a user already`);
  const [wabaId, portfolioId] = [readId(body, 'waba_id'), readId(body, 'portfolio_id')];
  const ofAccount = simulator.lines.find(({ identity }) => identity.wabaId === wabaId)?.portfolio.id;
  possible(
    ofAccount === undefined || portfolioId === undefined || ofAccount === portfolioId,
    `account ${wabaId} is of portfolio ${ofAccount}: an account is of one portfolio`,
  );
  const given = {
    ...(name !== undefined && { name }),
    ...(display !== undefined && { displayPhoneNumber: display }),
    ...(wabaId !== undefined && { wabaId }),
  };
  const line = simulator.addNumber({ ...given, portfolioId });
  return {
    done: `${line.identity.name} is here, with a key of its own: add it to the gateway with POST /api/numbers`,
    number: lineView(line),
    api_key: line.apiKey,
    next: nextView(line),
  };
}

/** `POST /numbers/{phone_number_id}/key`: another key, as a client makes one in the Hub; the one before is refused from now on. */
export function renewKey(simulator: Simulator, phoneNumberId: string): JsonRecord {
  const line = existingLine(simulator, phoneNumberId) ?? simulator;
  possible(line !== simulator, 'the first number has the key that the simulator was started with');
  return { done: 'the earlier key is refused from now on', number: lineView(line), api_key: line.renewKey(), next: nextView(line) };
}

function existingLine(simulator: Simulator, id: unknown): SimulatedLine | undefined {
  if (id === undefined) return undefined;
  const line = simulator.lineOf(String(id));
  if (!line) throw new ControlError(404, `no number ${String(id)}: GET /numbers lists them`);
  return line;
}

function readDisplay(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const digits = typeof value === 'string' ? phoneDigits(value) : undefined;
  sure(digits !== undefined, 'display_phone_number must be a phone number');
  return digits;
}

function readId(body: JsonRecord, name: string): string | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  sure(typeof value === 'string' && /^\d{5,30}$/.test(value), `${name} must be 5 to 30 digits`);
  return value;
}

const isFree = ({ lines, context }: Simulator, display: string): boolean =>
  !lines.some(({ identity }) => identity.displayPhoneNumber === display) && context.users.find(display) === undefined;
