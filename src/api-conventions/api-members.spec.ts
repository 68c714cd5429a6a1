import { describe, expect, it } from '@jest/globals';
import { apiMembers } from './api-members.js';

describe('The names of members', () => {
  it('are in snake_case for the API, with times as RFC 3339', () => {
    expect(apiMembers({ at: 0, expiresAt: null, until: 1_000, latencyMs: 3, state: 'at' })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      expires_at: null,
      until: '1970-01-01T00:00:01.000Z',
      latency_ms: 3,
      state: 'at',
    });
  });
});
