import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BesideGateway } from '#cli/terminal/beside-gateway.fixture.js';
import { keysCommand } from './keys.command.js';

describe('npm run keys', () => {
  let beside: BesideGateway;
  beforeEach(async () => {
    beside = await BesideGateway.open();
  });
  afterEach(() => beside.close());

  const open = (env?: Record<string, string>) => beside.terminal(env);

  it('makes a key that works, lists it and takes it back', async () => {
    const made = open();
    expect(await made.type(keysCommand, 'create', '--name', 'crm', '--scopes', 'status:read,keys:admin', '--json')).toBe(0);
    const { id, key } = made.document<{ id: string; key: string }>();
    const listed = open({ GATEWAY_API_KEY: key });
    expect(await listed.type(keysCommand, 'list')).toBe(0);
    expect(listed.out).toContain(`${id}  crm  [status:read keys:admin]`);
    expect(listed.out).not.toContain(key);
    expect(await open().type(keysCommand, 'delete', id)).toBe(0);
    const refused = open({ GATEWAY_API_KEY: key });
    expect(await refused.type(keysCommand, 'list')).toBe(1);
    expect(refused.out).toContain('(unauthenticated)');
  });

  it('refuses what is no scope and no verb, before asking', async () => {
    for (const args of [
      ['create', '--name', 'x', '--scopes', 'fly'],
      ['create', '--name', 'x'],
      ['create', '--all-scopes'],
      ['sing'],
      ['delete'],
    ])
      expect([args, await open().type(keysCommand, ...args)]).toEqual([args, 64]);
  });
});
