import { describe, expect, it } from '@jest/globals';
import { isFault, readTarget } from './delivery-target.js';

describe('where reports go', () => {
  it.each([
    ['mailto:ana@example.com', 'mail', 'ana@example.com'],
    ['MAILTO:Ana.Lopez+gw@Example.COM', 'mail', 'Ana.Lopez+gw@example.com'],
    ['mailto:ana%2Bgw@example.com', 'mail', 'ana+gw@example.com'],
    ['mailto:peña@peña.example', 'mail', 'peña@xn--pea-8ma.example'],
    ['https://crm.example.com/reports?x=1', 'webhook', 'https://crm.example.com/reports?x=1'],
  ])('is read: %s', (to, channel, address) => expect(readTarget(to)).toEqual({ channel, address }));

  it.each([
    'ana@example.com',
    'mailto:',
    'mailto:ana',
    'mailto:ana@',
    'mailto:@example.com',
    'mailto:ana@localhost',
    'mailto:ana@example.com,bob@example.com',
    'mailto:ana@example.com%0d%0aBcc:bob@example.com',
    'mailto:ana@example.com%0aBcc:bob@example.com',
    'mailto:ana@example.com?cc=bob@example.com',
    'mailto:ana@example.com%3Fcc=bob@example.com',
    'mailto:Ana <ana@example.com>',
    'mailto:"a b"@example.com',
    'mailto:ana@[127.0.0.1]',
    'mailto:ana@example.com\u0000',
    'mailto:%E0%A4%A',
    `mailto:${'a'.repeat(65)}@example.com`,
    'ftp://example.com',
    'javascript:alert(1)',
  ])('is refused: %s', (to) => expect(isFault(readTarget(to))).toBe(true));
});
