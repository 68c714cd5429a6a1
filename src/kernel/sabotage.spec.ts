import { describe, expect, it } from '@jest/globals';
import { readSabotage } from './sabotage.js';

describe('sabotage', () => {
  it('is off unless it is asked for', () => {
    expect(readSabotage({})).toBeNull();
    expect(readSabotage({ GATEWAY_SABOTAGE: '', NODE_ENV: 'production' })).toBeNull();
  });

  it('breaks the one promise that is named', () => {
    expect(readSabotage({ GATEWAY_SABOTAGE: 'ack-before-commit' })).toBe('ack-before-commit');
  });

  it('is refused in production', () => {
    expect(() => readSabotage({ GATEWAY_SABOTAGE: 'ack-before-commit', NODE_ENV: 'production' })).toThrow(/production refuses it/);
  });

  it('is refused when nobody knows the word, so that a proof cannot pass against a healthy gateway', () => {
    expect(() => readSabotage({ GATEWAY_SABOTAGE: 'ack-before-comit' })).toThrow(/must be one of/);
  });
});
