import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type JsonRecord, parseJson, record } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import type { Simulator } from '#simulator/simulator.js';
import type { PastDay } from '#simulator/traffic/traffic.js';
import { FIRST_PORTFOLIO } from '#simulator/world/people.js';

const BALANCE_MOST = 5;
const BALANCE_SPAN_MS = 30_000;
const MOST_CHANNELS = 1_000;

/** A refusal in the shape of the partner API. */
const refusal = (http_code: number, developer_message: string) => ({ meta: { success: false, http_code, developer_message } });

/**
 * The simulated partner API under `/partner/api/v2`, with the first key of the simulator as `x-api-key`. A portfolio is a client, a number a channel; the
 * partner reports the days of the loaded histories, and makes keys.
 */
export function partnerRoutes(simulator: Simulator) {
  const asked: number[] = [];

  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async ({ headers }, reply) => {
      if (headers['x-api-key'] !== simulator.partnerKey) return reply.code(403).send(refusal(403, 'permission denied for partner'));
    });
    app.get('/api/v2/partners/:partner/clients/:client/info/balance', async (request, reply) => {
      const now = Date.now();
      if (asked.filter((at) => at > now - BALANCE_SPAN_MS).length >= BALANCE_MOST) {
        return reply.code(429).send(refusal(429, 'rate limit exceeded'));
      }
      asked.push(now);
      return balance(simulator, request, reply);
    });
    app.get('/api/v2/partners/:partner/channels', async ({ query }, reply) => channels(simulator, record(query) ?? {}, reply));
    app.post('/api/v2/partners/:partner/channels/:channel/api_keys', async (request, reply) => {
      const channel = String(record(request.params)?.channel);
      const line = simulator.lines.find((one) => channelOf(one, simulator) === channel);
      if (!line) return reply.code(404).send(refusal(404, 'channel not found'));
      const address = `${request.protocol}://${request.host}${app.prefix.replace(/partner$/, '360dialog')}`;
      return reply.code(201).send({ id: simulator.context.ids.hex(12), address, api_key: line.renewKey(), app_id: '900000000000001' });
    });
  };
}

function balance(simulator: Simulator, request: FastifyRequest, reply: FastifyReply): object {
  const query = record(request.query) ?? {};
  for (const name of ['start_date', 'end_date']) {
    if (query[name] !== undefined && !/^\d{9,10}$/.test(String(query[name]))) {
      return reply.code(400).send(refusal(400, `${name} must be UNIX seconds`));
    }
  }
  const now = simulator.clock.now();
  const until = query.end_date === undefined ? now : Number(query.end_date) * 1_000;
  const client = String(record(request.params)?.client);
  const lines = simulator.lines.filter((line) => clientOf(line) === client);
  if (lines.length === 0) return reply.code(404).send(refusal(404, 'client not found'));
  const days = lines
    .flatMap(({ traffic }) => traffic.days(Number(query.start_date ?? 0) * 1_000, now))
    .filter(({ date }) => Date.parse(date) <= until);
  const usage = query.granularity === 'day' ? byDay(days) : months(days);
  return { balance: 100, currency: 'USD', estimated_template_cost: 0, last_renewal: '2026-01-01T00:00:00Z', usage };
}

/** One row a day, of all numbers of the client. */
const byDay = (days: readonly PastDay[]): object[] =>
  [...new Set(days.map(({ date }) => date))].sort().map((date) =>
    row(
      date,
      days.filter((day) => day.date === date),
    ),
  );

function months(days: readonly PastDay[]): object[] {
  const names = [...new Set(days.map(({ date }) => date.slice(0, 7)))].sort();
  return names.map((month) =>
    row(
      `${month}-01`,
      days.filter(({ date }) => date.startsWith(month)),
    ),
  );
}

function row(date: string, days: readonly PastDay[]): object {
  const business = days.reduce((sum, day) => sum + day.businessInitiated, 0);
  const user = days.reduce((sum, day) => sum + day.userInitiated, 0);
  return {
    period_date: `${date}T00:00:00Z`,
    quantity: business + user,
    free_quantity: user,
    paid_quantity: business,
    business_initiated_quantity: business,
    business_initiated_paid_quantity: business,
    user_initiated_quantity: user,
    total_price: Math.round(business * 4) / 100,
  };
}

const clientOf = ({ portfolio }: SimulatedLine): string =>
  portfolio.id === FIRST_PORTFOLIO ? 'client-simulator' : `client-${portfolio.id}`;
const channelOf = (line: SimulatedLine, first: SimulatedLine): string =>
  line === first ? 'channel-simulator' : `channel-${line.identity.phoneNumberId}`;

function channels(simulator: Simulator, query: JsonRecord, reply: FastifyReply): object {
  const filters = query.filters === undefined ? {} : record(parseJson(String(query.filters)));
  const [limit, offset] = [Number(query.limit ?? MOST_CHANNELS), Number(query.offset ?? 0)];
  const isRight = filters && Number.isInteger(limit) && limit > 0 && limit <= MOST_CHANNELS && Number.isInteger(offset) && offset >= 0;
  if (!isRight) return reply.code(400).send(refusal(400, 'filters must be JSON, limit and offset numbers'));
  const found = simulator.lines.map((line) => channel(line, simulator)).filter(({ id }) => filters.id === undefined || filters.id === id);
  const page = found.slice(offset, offset + limit);
  return { count: page.length, total: found.length, limit, offset, filters, sort: [], partner_channels: page };
}

function channel(line: SimulatedLine, first: SimulatedLine) {
  const { number } = line.context;
  return {
    id: channelOf(line, first),
    client_id: clientOf(line),
    status: 'running',
    account_mode: 'live',
    hub_status: 'live',
    current_limit: number.tier,
    current_quality_rating: number.quality,
    is_on_biz_app: number.onBusinessApp,
    setup_info: { phone_number: number.displayPhoneNumber, phone_name: number.name },
    waba_account: { id: `waba-${number.wabaId}`, external_id: number.wabaId, fb_account_status: 'approved' },
  };
}
