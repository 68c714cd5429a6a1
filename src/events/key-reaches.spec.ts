import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Principal } from '#access/authorization/principal.js';
import type { KeyReach } from '#access/keys/api-keys.store.js';
import type { PrincipalsService } from '#access/sessions/principals.service.js';
import { KeyReachesService } from './key-reaches.service.js';

const [A, B] = ['300000000000001', '300000000000002'];

/** What other replicas do to keys is found by reading them alone. */
describe('what the keys of open streams reach', () => {
  let kept: Map<string, KeyReach>;
  let fault: Error | null;
  let reaches: KeyReachesService;
  let ended: string[];

  beforeEach(() => {
    kept = new Map();
    fault = null;
    ended = [];
    const reachesOf = async () => {
      if (fault) throw fault;
      return new Map([...kept].map(([id, reach]) => [id, { ...reach }]));
    };
    reaches = new KeyReachesService({ reachesOf } as unknown as PrincipalsService);
  });

  const hold = (keyId: string, numbers: string[] | null) => {
    kept.set(keyId, { numbers, revision: 0 });
    const principal: Principal = { keyId, name: keyId, scopes: new Set(), numbers };
    return reaches.hold(principal, () => void ended.push(keyId));
  };

  it('a stream ends when a number was taken from its key, or the key is gone, and not when one was given', async () => {
    for (const id of ['narrowed', 'deleted', 'widened']) hold(id, [A, B]);
    await reaches.look();
    expect(ended).toEqual([]);
    kept.set('narrowed', { numbers: [A], revision: 1 });
    kept.delete('deleted');
    kept.set('widened', { numbers: null, revision: 0 });
    await reaches.look();
    expect(ended).toEqual(['narrowed', 'deleted']);
  });

  it('one that was narrowed between its request and its first reading reaches what is left', async () => {
    const { reach } = hold('key', [A, B]);
    kept.set('key', { numbers: [A], revision: 1 });
    await reaches.look();
    expect([reach.numbers, ended]).toEqual([[A], []]);
  });

  it('what reaches every number hears of one no event before the keys were read after it', async () => {
    const { reach } = hold('key', null);
    await reaches.look();
    // Another replica has limited the key in the transaction that added the number.
    kept.set('key', { numbers: [A], revision: 0 });
    const sure = reach.confirm(B);
    expect([reach.numbers, sure]).toEqual([null, expect.any(Promise)]);
    await sure;
    expect([reach.numbers, ended]).toEqual([[A], []]);
    expect(reach.confirm(B)).toBeUndefined();
  });

  it('nothing is sure while the keys cannot be read, and a stream that has ended is read no more', async () => {
    const { reach, release } = hold('key', null);
    fault = new Error('away');
    await expect(reach.confirm(A)).rejects.toThrow('away');
    fault = null;
    await reach.confirm(A);
    expect(reach.confirm(A)).toBeUndefined();
    release();
    kept.delete('key');
    await reaches.look();
    expect(ended).toEqual([]);
  });
});
