import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Secret } from '#kernel/secret.js';
import { openStore } from '#store/open-store.js';
import { serverPrograms, TlsServer } from './tls-server.js';

const MAIN = resolve(import.meta.dirname, '../../dist/main.js');
const PROGRAMS = serverPrograms();
const START_MS = 120_000;

(PROGRAMS ? describe : describe.skip)('TLS to Postgres', () => {
  let server: TlsServer;
  beforeAll(async () => {
    server = await TlsServer.start(PROGRAMS as string);
  }, START_MS);
  afterAll(() => server.stop());

  const urlOf = (host: string, sslmode: string | null, authority: 'own' | 'other' | null = 'own') => {
    const url = new URL(`postgres://postgres@${host}:${server.port}/postgres`);
    if (sslmode) url.searchParams.set('sslmode', sslmode);
    if (sslmode && authority) url.searchParams.set('sslrootcert', server.authority(authority));
    return url.href;
  };
  const open = (url: string) => openStore({ database: { kind: 'postgres', url: new Secret(url) }, mode: 'live' });
  const started = (url: string) => {
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      PORT: '0',
      D360_API_KEY: 'a-key-of-a-number',
      D360_WEBHOOK_TOKEN: 'a-token-of-sixteen-characters',
    };
    const { status, stderr } = spawnSync(process.execPath, [MAIN], { env, cwd: server.folder, encoding: 'utf8', timeout: START_MS });
    return { status, lines: stderr.trim().split('\n') };
  };

  it('verifies the server by its authority and its name, and works', async () => {
    const store = await open(urlOf('localhost', 'verify-full'));
    await store.probe(1);
    await store.close();
  });

  it.each([
    ['an authority that is not the server’s', () => urlOf('localhost', 'verify-full', 'other'), /no trusted authority has signed/],
    ['no authority', () => urlOf('localhost', 'verify-full', null), /no trusted authority has signed/],
    ['another host name', () => urlOf('127.0.0.1', 'verify-full'), /certificate for another host name/],
  ])(
    'ends the start with one sentence and 78 for %s',
    (_, url, sentence) => {
      const { status, lines } = started(url());
      expect([status, lines]).toEqual([78, [expect.stringMatching(sentence)]]);
    },
    START_MS,
  );

  it(
    'ends the start with one sentence and 78 for a server without TLS',
    () => {
      server.restart('off');
      const { status, lines } = started(urlOf('localhost', 'verify-full'));
      server.restart('on');
      expect([status, lines]).toEqual([78, [expect.stringMatching(/offers no TLS/)]]);
    },
    START_MS,
  );
});
