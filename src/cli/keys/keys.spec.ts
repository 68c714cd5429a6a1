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

  it('makes a key of a preset with limits, changes them, suspends it and puts it back into use', async () => {
    const made = open();
    expect(await made.type(keysCommand, 'create', '--name', 'dialler', '--preset', 'bot', '--dials-per-day', '20', '--json')).toBe(0);
    const { id, key, scopes, limits } = made.document<{ id: string; key: string; scopes: string[]; limits: object }>();
    expect(scopes).toContain('calls:dial');
    expect(scopes).not.toContain('keys:admin');
    expect(limits).toEqual({ dials_per_day: 20, asks_per_day: 50, quiet_hours: { from: '21:00', until: '08:00', time_zone: null } });
    const limited = open();
    expect(await limited.type(keysCommand, 'limit', id, '--asks-per-day', '5', '--quiet-hours', '22:00-07:30')).toBe(0);
    expect(limited.out).toContain('5 permission requests a day, quiet 22:00-07:30');
    expect(await open().type(keysCommand, 'suspend', id)).toBe(0);
    const listed = open();
    await listed.type(keysCommand, 'list');
    expect(listed.out).toMatch(new RegExp(`${id}.*suspended`));
    const refused = open({ GATEWAY_API_KEY: key });
    await refused.type(keysCommand, 'list');
    expect(refused.out).toContain('(key_suspended)');
    expect(await open().type(keysCommand, 'resume', id)).toBe(0);
    const free = open();
    await free.type(keysCommand, 'limit', id);
    expect(free.out).toContain('no limits');
  });

  it('refuses what is no scope and no verb, before asking', async () => {
    for (const args of [
      ['create', '--name', 'x', '--scopes', 'fly'],
      ['create', '--name', 'x'],
      ['create', '--all-scopes'],
      ['sing'],
      ['suspend'],
      ['create', '--name', 'x', '--preset', 'robot'],
      ['create', '--name', 'x', '--preset', 'bot', '--dials-per-day', 'many'],
      ['create', '--name', 'x', '--preset', 'bot', '--quiet-hours', '21-8'],
      ['create', '--name', 'x', '--preset', 'bot', '--quiet-hours', '21:00-21:00'],
      ['delete'],
    ])
      expect([args, await open().type(keysCommand, ...args)]).toEqual([args, 64]);
  });
});
