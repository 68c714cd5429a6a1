import type { ApiKeysService } from '#access/keys/api-keys.service.js';
import { CredentialLookupService } from './credential-lookup.service.js';
import type { SessionsService } from './sessions.service.js';

describe('CredentialLookupService', () => {
  let queries: string[][];
  let running: number;
  let fails: boolean;
  const keys = {
    knownHashes: async (digests: readonly string[]) => {
      expect(running).toBe(0);
      running += 1;
      queries.push([...digests]);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (fails) throw new Error('the database is gone');
      return digests.filter((digest) => digest.startsWith('key'));
    },
  };
  const sessions = { knownHashes: async (digests: readonly string[]) => digests.filter((digest) => digest.startsWith('session')) };
  let lookup: CredentialLookupService;

  beforeEach(() => {
    queries = [];
    running = 0;
    fails = false;
    lookup = new CredentialLookupService(keys as unknown as ApiKeysService, sessions as unknown as SessionsService);
  });

  it('finds keys and sessions among many guesses, with one query at a time', async () => {
    const asked = Array.from({ length: 1_200 }, (_, index) => lookup.isKnown(`guess ${index}`));
    const found = await Promise.all([lookup.isKnown('key 1'), lookup.isKnown('session 1'), ...asked]);
    expect(found.filter(Boolean)).toHaveLength(2);
    expect(queries.map((digests) => digests.length)).toEqual([500, 500, 202]);
  });

  it('asks again after a fault of the database', async () => {
    fails = true;
    await expect(lookup.isKnown('key 1')).rejects.toThrow('gone');
    fails = false;
    expect(await lookup.isKnown('key 1')).toBe(true);
  });
});
