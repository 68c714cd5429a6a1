import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { record } from '#kernel/read.js';
import type { Simulator } from '#simulator/simulator.js';
import type { PastDay } from '#simulator/traffic/traffic.js';

const BALANCE_MOST = 5;
const BALANCE_SPAN_MS = 30_000;

/** A refusal in the shape of the partner API. */
const refusal = (http_code: number, developer_message: string) => ({ meta: { success: false, http_code, developer_message } });

/** The simulated partner API under `/partner/api/v2`, with the simulator's key as `x-api-key`. It reports the days of the loaded history. */
export function partnerRoutes(simulator: Simulator) {
  const asked: number[] = [];

  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async ({ headers }, reply) => {
      if (headers['x-api-key'] !== simulator.apiKey) return reply.code(403).send(refusal(403, 'permission denied for partner'));
    });
    app.get('/api/v2/partners/:partner/clients/:client/info/balance', async (request, reply) => {
      const now = Date.now();
      if (asked.filter((at) => at > now - BALANCE_SPAN_MS).length >= BALANCE_MOST) {
        return reply.code(429).send(refusal(429, 'rate limit exceeded'));
      }
      asked.push(now);
      return balance(simulator, request, reply);
    });
    app.get('/api/v2/partners/:partner/channels', async () => channels(simulator));
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
  const days = simulator.traffic.days(Number(query.start_date ?? 0) * 1_000, now).filter(({ date }) => Date.parse(date) <= until);
  const usage = query.granularity === 'day' ? days.map((day) => row(day.date, [day])) : months(days);
  return { balance: 100, currency: 'USD', estimated_template_cost: 0, last_renewal: '2026-01-01T00:00:00Z', usage };
}

function months(days: readonly PastDay[]): object[] {
  const names = [...new Set(days.map(({ date }) => date.slice(0, 7)))];
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

function channels({ context: { number } }: Simulator): object {
  const channel = {
    id: 'channel-simulator',
    client_id: 'client-simulator',
    status: 'running',
    account_mode: 'live',
    hub_status: 'live',
    current_limit: number.tier,
    current_quality_rating: number.quality,
    is_on_biz_app: number.onBusinessApp,
    setup_info: { phone_number: number.displayPhoneNumber, phone_name: 'Simulated business' },
    waba_account: { id: 'waba-simulator', external_id: number.wabaId, fb_account_status: 'approved' },
  };
  return { count: 1, total: 1, limit: 100, offset: 0, filters: {}, sort: [], partner_channels: [channel] };
}
