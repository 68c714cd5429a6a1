import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createGateway, type Gateway, GatewayError } from '../../clients/typescript/src/index.ts';
import { Stage } from '../recipes/stage.js';
import { CLIENT, example, keyOf, ROOT, readJson } from './example.js';

/** Imports the sources of the client, instead of what is compiled for the package. */
const SOURCES = ['--conditions=gateway-source'];

jest.setTimeout(600_000);

describe('the client, against a gateway with the simulator', () => {
  let stage: Stage;
  let gateway: Gateway;
  let key: string;
  beforeAll(async () => {
    stage = await Stage.open({});
    key = await keyOf(stage);
    gateway = createGateway({ url: `${stage.url}/`, key: async () => key });
  }, 600_000);
  afterAll(() => stage?.close());

  it('calls a person who must be asked, in at most 20 lines without a cast', async () => {
    const text = await readFile(join(CLIENT, 'examples/call.ts'), 'utf8');
    const [, body = ''] = /^export async function call\(.*\{\n([\s\S]*)^\}\n/m.exec(text) ?? [];
    expect([body.split('\n').length - 1 <= 20, /\bas\b|\bany\b|@ts-|!\./.exec(body)]).toEqual([true, null]);
    expect(body).toMatch(/makeCall[\s\S]*call\.ready[\s\S]*connectCall/);
    const said = await example(stage, key, await stage.person('5215512346001'), CLIENT, SOURCES);
    expect(said).toMatch(/the answer for your WebRTC connection: \d+ characters[\s\S]*outcome answered\n/);
  });

  it('calls a person who has given permission already', async () => {
    const said = await example(stage, key, '5215512346001', CLIENT, SOURCES);
    expect(said).toMatch(/outcome answered\n$/);
  });

  it('throws a refusal with its code, its remedy and the time when it changes, in the language of the client', async () => {
    const to = await stage.person('5215512346002', { on_permission_request: 'ignore' });
    await gateway.makeCall({ body: { to } });
    const again = createGateway({ url: stage.url, key, language: 'es' }).makeCall({ body: { to } });
    const refusal: unknown = await again.catch((error: unknown) => error);
    if (!(refusal instanceof GatewayError)) throw refusal;
    expect([refusal.status, refusal.code, refusal.problem?.call?.user.wa_id]).toEqual([409, 'call_in_progress', to]);
    expect(refusal.remedy).toMatch(/llamada/);
    await gateway.terminateCall({ body: { id: refusal.problem?.call?.id ?? '' } });

    const limited: unknown = await gateway.makeCall({ body: { to } }).catch((error: unknown) => error);
    if (!(limited instanceof GatewayError)) throw limited;
    expect(Date.parse(limited.retry_at ?? '')).toBeGreaterThan(Date.now());
    const wrongKey = createGateway({ url: stage.url, key: 'wac_wrong' });
    await expect(wrongKey.getStatus()).rejects.toMatchObject({
      code: 'unauthenticated',
      status: 401,
      requestId: expect.stringMatching(/^req_/),
    });
    await expect(wrongKey.events()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('hears every event once across streams, and reads CSV by the client beneath', async () => {
    const to = await stage.person('5215512346003', { on_permission_request: 'ignore' });
    const first = await gateway.events({ types: ['call.updated', 'call.ended'] });
    const { id } = await gateway.makeCall({ body: { to } });
    await gateway.terminateCall({ body: { id } });
    const heard: string[] = [];
    for await (const event of first) {
      heard.push(event.id);
      if (event.type === 'call.ended' && event.data.id === id) break;
    }
    // The loop broke within the last event, so that one comes again.
    const second = await gateway.events({ types: ['call.ended'], lastEventId: first.lastEventId });
    for await (const event of second) {
      expect([event.id, event.data.outcome]).toEqual([heard.at(-1), 'canceled']);
      break;
    }
    const csv = await gateway.api.GET('/api/calling/calls', { parseAs: 'text', headers: { Accept: 'text/csv' } });
    expect(csv.data).toContain(id);
    expect((await gateway.getCall({ params: { path: { id } } })).outcome).toBe('canceled');
  });

  it('has the version of the gateway and the versions of the lockfile, and is not in the image', async () => {
    const [ours, own] = await Promise.all([readJson('package.json'), readJson('clients/typescript/package.json')]);
    expect([own.version, own.license]).toEqual([ours.version, ours.license]);
    expect(Object.keys(own.dependencies)).toEqual(['openapi-fetch']);
    for (const [name, version] of Object.entries(own.dependencies)) expect([name, version]).toEqual([name, ours.devDependencies[name]]);
    const sources = (await readdir(join(CLIENT, 'src'))).map((file) => readFile(join(CLIENT, 'src', file), 'utf8'));
    const imported = (await Promise.all(sources)).flatMap((text) => Array.from(text.matchAll(/from '([^.'][^']*)'/g), ([, name]) => name));
    expect(new Set(imported)).toEqual(new Set(['openapi-fetch']));
    for (const file of ['.dockerignore', 'Dockerfile']) expect(await readFile(join(ROOT, file), 'utf8')).not.toContain('clients');
  });
});
