import { describe, expect, it } from '@jest/globals';
import { camelCase, defined, snakeCase } from './case.js';

describe('The names of members', () => {
  it('are in snake_case for a table and in camelCase for a row of it', () => {
    const row = { id: 'a', phone_number_id: '1', last_inbound_at: 5 };
    expect(camelCase(row)).toEqual({ id: 'a', phoneNumberId: '1', lastInboundAt: 5 });
    expect(snakeCase(camelCase(row))).toEqual(row);
  });

  it('are left out where the value is undefined, and stay where it is null', () => {
    expect(defined({ a: undefined, b: null, c: 0 })).toEqual({ b: null, c: 0 });
  });
});
