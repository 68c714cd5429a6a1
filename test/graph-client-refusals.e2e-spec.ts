import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allEntries } from '#error-catalogue/lookup.js';
import { type GraphRefusal, graphError } from '#graph/shape/graph-error.js';
import { Problem, type ProblemCode } from '#kernel/problem.js';
import { ClientRefusal } from './graph-clients/client.js';
import { CLIENTS } from './graph-clients/run.js';
import { answer } from './sdp.js';

/** A server that answers one refusal after the other, and how often it was asked. */
let refusal: GraphRefusal;
let asked = 0;
const server = createServer((request, response) => {
  asked += 1;
  request.resume();
  response.writeHead(refusal.status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(refusal.body));
});

describe.each(Object.entries(CLIENTS))('%s reads every refusal of the gateway in the shape of Meta', (_name, make) => {
  beforeAll(async () => {
    if (server.listening) return;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
  });

  it.each(allEntries().map(({ code }) => code as ProblemCode))('%s', async (code) => {
    refusal = graphError(new Problem(code, { errors: [{ field: 'to', message: { en: 'is wrong', es: 'está mal' } }] }), 'es', 'req_1');
    asked = 0;
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = make({ baseUrl, token: 'token', phoneNumberId: '300000000000001' }, 'verify', 'secret');
    const thrown = await client.accept('wacid.1', answer().sdp).then(
      () => null,
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(ClientRefusal);
    const { error } = refusal.body;
    expect(thrown).toMatchObject({ code: error.code, message: expect.stringContaining(`(#${error.code})`) });
    expect([asked, (thrown as ClientRefusal).subcode]).toEqual([1, error.error_subcode]);
  });
});
