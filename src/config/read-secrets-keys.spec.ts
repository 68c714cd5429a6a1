import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '#kernel/secret.js';
import { keyText } from '#secrets/sealing-keys.fixture.js';
import { Environment } from './environment.js';
import { readSecretsKeys } from './read-secrets-keys.js';

const HEX = sha256('hex');
const idOf = (text: string, encoding: 'base64' | 'hex') => sha256(Buffer.from(text, encoding)).slice(0, 8);

function read(variables: Record<string, string>) {
  const env = new Environment(variables);
  const keys = readSecretsKeys(env);
  return { ids: keys.ids, faults: env.faults.map(({ name, en }) => `${name} ${en}`), all: JSON.stringify(env.faults) };
}

describe('SECRETS_KEY', () => {
  it('is one key or several, the first of which seals; base64 or hex; or a file', () => {
    expect(read({})).toMatchObject({ ids: [], faults: [] });
    const [a, b] = [keyText('a'), keyText('b')];
    expect(read({ SECRETS_KEY: a })).toMatchObject({ ids: [idOf(a, 'base64')], faults: [] });
    expect(read({ SECRETS_KEY: ` ${b} , ${HEX.toUpperCase()}, ` })).toMatchObject({
      ids: [idOf(b, 'base64'), idOf(HEX, 'hex')],
      faults: [],
    });
    expect(read({ SECRETS_KEY: Buffer.from(a, 'base64').toString('base64url') }).ids).toEqual([idOf(a, 'base64')]);
    const folder = mkdtempSync(join(tmpdir(), 'gateway-key-'));
    writeFileSync(join(folder, 'key'), `${a}\n`);
    expect(read({ SECRETS_KEY_FILE: join(folder, 'key') })).toMatchObject({ ids: [idOf(a, 'base64')], faults: [] });
    expect(read({ SECRETS_KEY_FILE: join(folder, 'key'), SECRETS_KEY: a }).faults).toHaveLength(1);
    expect(read({ SECRETS_KEY_FILE: join(folder, 'other') }).faults).toEqual(['SECRETS_KEY_FILE names a file that cannot be read']);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['a password', 'correct horse battery staple'],
    ['31 bytes', Buffer.from(HEX, 'hex').subarray(1).toString('base64')],
    ['33 bytes', Buffer.from(`${HEX}00`, 'hex').toString('base64')],
    ['a good key and a bad one', `${keyText('a')},secret`],
  ])('is refused as %s, and not repeated', (_, value) => {
    const { faults, all } = read({ SECRETS_KEY: value });
    expect(faults).toEqual([expect.stringMatching(/^SECRETS_KEY .*openssl rand -base64 32/)]);
    expect(all).not.toContain(value);
  });
});
