import { describe, expect, it } from '@jest/globals';
import { Secret } from '#kernel/secret.js';
import { offered } from './ice-servers.js';

const NOON = Date.UTC(2026, 10, 22, 12);
const bare = (urls: string[]) => ({ urls, username: null, credential: null });

describe('the servers that a softphone is offered', () => {
  it('are as the owner wrote them, with the password that a server has', () => {
    const own = { urls: ['turn:a.example.com'], username: 'u', credential: new Secret('its-own') };
    const ice = { servers: [bare(['stun:b.example.com']), own], turnSecret: null, turnMs: 60_000 };
    expect(offered(ice, 'ses_1', NOON)).toEqual({
      servers: [{ urls: ['stun:b.example.com'] }, { urls: ['turn:a.example.com'], username: 'u', credential: 'its-own' }],
      expiresAt: null,
    });
  });

  it('have a password of the operator that ends, where only a secret is shared', () => {
    const ice = {
      servers: [bare(['stun:b.example.com']), bare(['turn:a.example.com'])],
      turnSecret: new Secret('north'),
      turnMs: 3_600_000,
    };
    const { servers, expiresAt } = offered(ice, 'ses_1', NOON);
    expect(expiresAt).toBe(NOON + 3_600_000);
    expect(servers).toEqual([
      { urls: ['stun:b.example.com'] },
      // printf '1795352400:ses_1' | openssl dgst -sha1 -hmac north -binary | base64
      { urls: ['turn:a.example.com'], username: '1795352400:ses_1', credential: 'pUpYmCA2teH/64Gt43a1aukgWuM=' },
    ]);
    expect(offered(ice, 'ses_2', NOON).servers[1]?.credential).not.toBe(servers[1]?.credential);
  });
});
