import { describe, expect, it } from '@jest/globals';
import { isFromOurPage, type Provenance } from './same-origin.js';

const PUBLIC_URL = 'https://calls.example.com';
const from = (more: Partial<Provenance>): Provenance => ({
  method: 'POST',
  requestedWith: 'console',
  fetchSite: 'same-origin',
  origin: PUBLIC_URL,
  host: 'calls.example.com',
  ...more,
});
const verdict = (more: Partial<Provenance>) => isFromOurPage(from(more), PUBLIC_URL);

describe('a request with the session cookie', () => {
  it.each<[string, Partial<Provenance>]>([
    ['our own page', {}],
    ['our own page, in a browser without Sec-Fetch-Site', { fetchSite: undefined }],
    ['our own page, in a browser that sends no Origin', { origin: undefined }],
    ['a page on the loopback address while the public one is a tunnel', { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }],
    ['a page behind a proxy that changes the host', { host: '10.0.0.7:3000' }],
    ['a read of our own page', { method: 'GET', requestedWith: undefined, origin: undefined }],
    ['an address that a person typed', { method: 'GET', requestedWith: undefined, fetchSite: 'none', origin: undefined }],
    ['an old browser that reads', { method: 'GET', requestedWith: undefined, fetchSite: undefined, origin: undefined }],
  ])('is taken from %s', (_, more) => {
    expect(verdict(more)).toBe(true);
  });

  it.each(['cross-site', 'same-site', 'none', ''])('is refused for an unsafe method when Sec-Fetch-Site is %p', (fetchSite) => {
    expect(verdict({ fetchSite })).toBe(false);
  });

  it.each(['cross-site', 'same-site'])('is refused for reading, the event stream too, when Sec-Fetch-Site is %p', (fetchSite) => {
    expect(verdict({ method: 'GET', fetchSite, origin: undefined })).toBe(false);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is refused for %s without the header that no form can send', (method) => {
    expect(verdict({ method, requestedWith: undefined })).toBe(false);
    expect(verdict({ method, requestedWith: 'XMLHttpRequest' })).toBe(false);
  });

  it('is refused for an unsafe method when the browser says nothing of where it comes from', () => {
    expect(verdict({ fetchSite: undefined, origin: undefined })).toBe(false);
  });

  it.each([
    'null',
    '',
    'https://evil.example',
    'https://calls.example.com.evil.example',
    'https://evilcalls.example.com',
    'https://calls.example.com:8443',
    'https://sub.calls.example.com',
    'https://calls.example.comx',
    'calls.example.com',
    'https://',
  ])('is refused from the origin %p, for reading and for writing', (origin) => {
    expect(verdict({ origin, fetchSite: undefined })).toBe(false);
    expect(verdict({ origin })).toBe(false);
    expect(verdict({ origin, fetchSite: undefined, method: 'GET' })).toBe(false);
  });
});
