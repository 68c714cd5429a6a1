import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fastify from 'fastify';
import { HOUR } from './clock.js';
import { endIdleConnections } from './idle-connections.js';

test('a server closes soon after its last answer, though the client would keep the connection', async () => {
  // Longer than any test: without help the connection outlives this one.
  const app = fastify({ keepAliveTimeout: HOUR });
  endIdleConnections(app);
  const asked = Promise.withResolvers<void>();
  const mayAnswer = Promise.withResolvers<void>();
  app.get('/', async () => {
    asked.resolve();
    await mayAnswer.promise;
    return 'late';
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const answer = fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`);
  await asked.promise;
  const closed = app.close();
  while (app.server.listening) await setImmediate();
  mayAnswer.resolve();
  expect(await (await answer).text()).toBe('late');
  await closed;
});
