import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

type Fault = { key: string; params: Record<string, string | number>; sure: boolean } | null;
const { faultOf } = (await import(join(import.meta.dirname, 'page', 'phone-number.js'))) as { faultOf(typed: string): Fault };

describe('a typed phone number', () => {
  it.each([
    '',
    '  ',
    '+52 1 55 1234 0001',
    '5215512340001',
    '+1 (415) 555-0100',
    '+49 30.901820',
    '+298 123456',
    'MX.13491208655302741918',
  ])('may be one: "%s"', (typed) => expect(faultOf(typed)).toBeNull());

  it.each([
    ['12', 'short', { count: 2, least: 7 }],
    ['+1234567890123456', 'long', { count: 16, most: 15 }],
    ['0052 1 55 1234 0001', 'leadingZeros', { digits: '5215512340001' }],
    ['00', 'leadingZeros', { digits: '52' }],
    ['055 1234 0001', 'leadingZero', {}],
    ['Ana 55', 'letters', { what: 'Ana' }],
    ['+52 55O0 1234', 'letters', { what: 'O' }],
    ['52*55', 'sign', { what: '*' }],
    ['+52+55', 'sign', { what: '+' }],
  ])('is none: "%s" is %s', (typed, key, params) => expect(faultOf(typed)).toEqual({ key, params, sure: true }));

  it.each([
    ['55 1234 0001', 'noCountry'],
    ['+89 1234 5678', 'country'],
  ])('is asked about and yet tried: "%s" is %s', (typed, key) => expect(faultOf(typed)).toMatchObject({ key, sure: false }));
});
