import { describe, expect, it } from '@jest/globals';
import { maskPhones } from './logger.js';

describe('a text for the log', () => {
  it('shows no key of a URL, and of a phone number the end alone', () => {
    const url = '/graph/v23.0/300000000000001/call_permissions?access_token=wac_S3cret&user_wa_id=+5215512345678';
    const masked = maskPhones(`GET ${url}#x and ACCESS_TOKEN=other "`);
    expect(masked).not.toMatch(/S3cret|other|5215512345678/);
    expect(masked).toContain('access_token=[redacted]&user_wa_id=…5678');
  });
});
