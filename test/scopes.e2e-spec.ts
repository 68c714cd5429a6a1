import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HeaderGates } from '#access/authorization/header-gates.service.js';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { routesOf } from './routes.js';
import { World } from './world.js';

/** Who may, route by route: a scope, `anyone`, or a secret of the route's own. */
const MATRIX: Readonly<Record<string, Scope | 'anyone' | 'own secret'>> = {
  'GET /openapi.json': 'anyone',
  'GET /docs': 'anyone',
  'GET /docs/start.js': 'anyone',
  'GET /docs*': 'anyone',
  'GET /llms.txt': 'anyone',
  'GET /health/live': 'anyone',
  'GET /health/ready': 'anyone',
  'GET /metrics': 'anyone',
  'GET /console': 'anyone',
  'GET /console*': 'anyone',
  'GET /api/webhooks/360dialog': 'anyone',
  'GET /api/webhooks/360dialog/:phone_number_id': 'anyone',
  // The token of the webhook, the console's cookie, and a key that is shown there or makes a token.
  'POST /api/webhooks/360dialog': 'own secret',
  'POST /api/webhooks/360dialog/:phone_number_id': 'own secret',
  'POST /api/session': 'own secret',
  'GET /api/session': 'own secret',
  'DELETE /api/session': 'own secret',
  'POST /api/tokens': 'own secret',
  'GET /api/events': 'events:read',
  'POST /api/subscriptions': 'subscriptions:write',
  'GET /api/subscriptions': 'subscriptions:write',
  'GET /api/subscriptions/:id': 'subscriptions:write',
  'PATCH /api/subscriptions/:id': 'subscriptions:write',
  'DELETE /api/subscriptions/:id': 'subscriptions:write',
  'POST /api/subscriptions/:id/rotate-secret': 'subscriptions:write',
  'POST /api/subscriptions/:id/replay': 'subscriptions:write',
  'GET /api/subscriptions/:id/deliveries': 'subscriptions:write',
  'POST /api/subscriptions/:id/test': 'subscriptions:write',
  'POST /api/numbers': 'numbers:admin',
  'GET /api/partner/channels': 'numbers:admin',
  'POST /api/partner/channels/:id/adopt': 'numbers:admin',
  'GET /api/numbers': 'numbers:read',
  'GET /api/numbers/:phone_number_id': 'numbers:read',
  'PATCH /api/numbers/:phone_number_id': 'numbers:admin',
  'DELETE /api/numbers/:phone_number_id': 'numbers:admin',
  'POST /api/numbers/:phone_number_id/webhook': 'numbers:admin',
  'DELETE /api/numbers/:phone_number_id/webhook': 'numbers:admin',
  'POST /api/numbers/:phone_number_id/rotate-webhook-token': 'numbers:admin',
  'GET /api/forwarding/set-aside': 'status:read',
  'POST /api/forwarding/replay': 'settings:write',
  'GET /api/keys': 'keys:admin',
  'POST /api/keys': 'keys:admin',
  'PATCH /api/keys/:id': 'keys:admin',
  'DELETE /api/keys/:id': 'keys:admin',
  'GET /api/audit': 'audit:read',
  'GET /api/calling/permissions/:user': 'permissions:read',
  'GET /api/calling/preflight': 'permissions:read',
  'GET /api/calling/status': 'status:read',
  'GET /api/calling/settings': 'settings:read',
  'PATCH /api/calling/settings': 'settings:write',
  'GET /api/calling/conversation-requirements': 'compliance:read',
  'POST /api/calling/make-call': 'calls:dial',
  'POST /api/calling/connect': 'calls:dial',
  'POST /api/calling/request-permission': 'permissions:ask',
  'POST /api/calling/pre-accept': 'calls:control',
  'POST /api/calling/accept': 'calls:control',
  'POST /api/calling/reject': 'calls:control',
  'POST /api/calling/release': 'calls:control',
  'POST /api/calling/terminate': 'calls:control',
  'GET /api/calling/calls': 'calls:read',
  'GET /api/calling/calls/:id': 'calls:read',
  'GET /api/calling/calls/:id/timeline': 'calls:read',
  'GET /api/calling/calls/:id/bundle': 'calls:read',
  'PUT /api/calling/calls/:id/lease': 'calls:control',
  'DELETE /api/calling/calls/:id/lease': 'calls:control',
  'GET /api/calling/ice-servers': 'calls:control',
  'GET /api/calling/errors': 'status:read',
  'GET /api/calling/errors/:code': 'status:read',
  'POST /api/calling/errors/explain': 'status:read',
  'GET /api/compliance/eligibility': 'compliance:read',
  'POST /api/compliance/check': 'compliance:write',
  'POST /api/compliance/report-deliveries': 'compliance:write',
  'GET /api/compliance/report-deliveries': 'compliance:read',
  'GET /api/compliance/report-deliveries/:id': 'compliance:read',
  'DELETE /api/compliance/report-deliveries/:id': 'compliance:write',
  // The token in the link.
  'GET /api/report-links/confirm/:token': 'anyone',
  'POST /api/report-links/confirm/:token': 'anyone',
  'GET /api/report-links/unsubscribe/:token': 'anyone',
  'POST /api/report-links/unsubscribe/:token': 'anyone',
  'GET /api/compliance/snapshots': 'compliance:read',
  'GET /api/compliance/snapshots/:id': 'compliance:read',
  'GET /api/compliance/declarations': 'compliance:read',
  'PUT /api/compliance/declarations': 'compliance:write',
  'GET /api/compliance/reports': 'compliance:read',
  'GET /api/compliance/reports/latest': 'compliance:read',
  'GET /api/compliance/reports/overview': 'compliance:read',
  'GET /api/compliance/reports/periods': 'compliance:read',
  'GET /api/compliance/reports/:id': 'compliance:read',
  'GET /api/users': 'calls:read',
  'DELETE /api/users/:user': 'data:erase',
  'GET /api/users/:user/export': 'data:export',
};

describe('who may do what', () => {
  let world: World;
  const keys = new Map<Scope, string>();
  beforeAll(async () => {
    world = await World.open();
    for (const scope of ALL_SCOPES) keys.set(scope, (await world.post('/api/keys', { name: scope, scopes: [scope] })).body.key);
  });
  afterAll(() => world.close());

  const ask = async (route: string, key: string | null): Promise<string | number> => {
    const [method = '', path = ''] = route.split(' ');
    const answer = await fetch(`${world.url}${path.replace(/:\w+/g, 'nothing').replace('*', '/nothing')}`, {
      method,
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
    });
    if (![401, 403, 429, 500].includes(answer.status)) {
      await answer.body?.cancel();
      return 'passes';
    }
    return `${answer.status} ${((await answer.json()) as { code: string }).code}`;
  };

  it('has an answer for every route that the gateway has', () => {
    const fastify = world.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    expect(routesOf(fastify.printRoutes({ commonPrefix: false })).sort()).toEqual(Object.keys(MATRIX).sort());
  });

  it('decides before the body is read wherever a key or a token is needed', () => {
    const gates = world.app.get(HeaderGates);
    const hasGate = (route: string) => {
      const [method = '', url = ''] = route.split(' ');
      return gates.of({ method, routeOptions: { url } } as FastifyRequest) !== undefined;
    };
    const scoped = Object.keys(MATRIX).filter((route) => MATRIX[route] !== 'anyone' && !route.endsWith('/api/session'));
    expect(scoped.filter((route) => !hasGate(route))).toEqual([]);
  });

  it.each(Object.entries(MATRIX).filter(([, who]) => who === 'anyone'))('%s is open', async (route) => {
    expect(await ask(route, null)).toBe('passes');
  });

  it.each(Object.entries(MATRIX).filter(([, who]) => who === 'own secret'))('%s asks for a secret of its own', async (route) => {
    // Signing out is no secret: without a session there is nothing to end; what is malformed is told before it is looked up.
    const told = await ask(route, null);
    const harmless = ['DELETE /api/session', 'POST /api/session'].includes(route);
    expect(harmless ? ['passes', '403 origin_not_allowed'] : [told]).toContain(told);
    if (!harmless) expect(told).toMatch(/^401 /);
  });

  it.each(Object.entries(MATRIX).filter(([, who]) => who !== 'anyone' && who !== 'own secret'))(
    '%s takes a key with %s, and no other',
    async (route, needed) => {
      expect(await ask(route, null)).toBe('401 unauthenticated');
      const found = await Promise.all(ALL_SCOPES.map(async (scope) => [scope, await ask(route, keys.get(scope) as string)] as const));
      // Until 1.0 a key with keys:admin reads the audit log, too.
      const may = (scope: Scope) => scope === needed || (needed === 'audit:read' && scope === 'keys:admin');
      expect(found).toEqual(ALL_SCOPES.map((scope) => [scope, may(scope) ? 'passes' : '403 insufficient_scope']));
    },
  );
});
