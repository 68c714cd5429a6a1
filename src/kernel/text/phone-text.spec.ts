import { describe, expect, it } from '@jest/globals';
import { phoneText } from './phone-text.js';

describe('a phone number for people', () => {
  it.each([
    ['525512345678', '+52 55 1234 5678'],
    ['5215512345678', '+52 1 55 1234 5678'],
    ['526641234567', '+52 664 123 4567'],
    ['5491123456789', '+54 9 112 345 6789'],
    ['5511987654321', '+55 11 98765 4321'],
    ['12125550123', '+1 212 555 0123'],
    ['34911234567', '+34 911 234 567'],
    ['50622334455', '+506 2233 4455'],
    ['1234567', '+1 23 4567'],
  ])('of %s is %s', (digits, text) => {
    expect(phoneText(digits)).toBe(text);
    expect(phoneText(digits).replace(/\D/g, '')).toBe(digits);
  });

  it.each(['', '123', 'abc', '0123456789', '1234567890123456'])('leaves %p as it is', (text) => {
    expect(phoneText(text)).toBe(text);
  });
});
