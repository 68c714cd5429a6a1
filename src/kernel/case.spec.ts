import { describe, expect, it } from '@jest/globals';
import { apiMembers, camelCase, defined, snakeCase } from './case.js';

describe('The names of members', () => {
  it('are in snake_case for a table and in camelCase for a row of it', () => {
    const row = { id: 'a', phone_number_id: '1', last_inbound_at: 5 };
    expect(camelCase(row)).toEqual({ id: 'a', phoneNumberId: '1', lastInboundAt: 5 });
    expect(snakeCase(camelCase(row))).toEqual(row);
  });

  it('are in snake_case for the API, with times as RFC 3339', () => {
    expect(apiMembers({ at: 0, expiresAt: null, until: 1_000, latencyMs: 3, state: 'at' })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      expires_at: null,
      until: '1970-01-01T00:00:01.000Z',
      latency_ms: 3,
      state: 'at',
    });
  });

  it('are left out where the value is undefined, and stay where it is null', () => {
    expect(defined({ a: undefined, b: null, c: 0 })).toEqual({ b: null, c: 0 });
  });
});
