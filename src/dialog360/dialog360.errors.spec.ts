import { entryOf } from '#error-catalogue/lookup.js';
import { DAY } from '#kernel/clock.js';
import { mayHaveActed, problemOf, problemOfNoResponse, readRetryAfter } from './dialog360.errors.js';
import type { Operation } from './exchange.js';
import { readUpstream } from './read-upstream.js';

const NOW = Date.UTC(2026, 11, 1, 12);
const meta = (code: number, details: string) =>
  JSON.stringify({ error: { message: `(#${code}) Refused`, code, error_data: { details }, fbtrace_id: 'A1' } });
const problem = (status: number, body: string, operation: Operation = 'connect', retryAfter: string | null = null) =>
  problemOf(readUpstream(status, body), operation, NOW, retryAfter);

describe('a refusal of 360dialog', () => {
  it.each([
    ['The call has already been terminated', 'call_ended'],
    ['Call already ended by the user', 'call_ended'],
    ['The call was completed', 'call_ended'],
    ['Invalid call id', 'call_ended'],
    ['Call not found', 'call_ended'],
    ['A reject is already in progress', 'call_ended'],
    ['The call is already in progress', 'call_already_answered'],
    ['Call has already been accepted', 'call_already_answered'],
    ['The answer differs from the pre-accept answer', 'answer_mismatch'],
    ['SDP does not match the pre-accept SDP', 'answer_mismatch'],
    ['SDP validation error', 'invalid_parameter'],
  ])('"%s" about a call means %s', (details, code) => {
    for (const operation of ['pre_accept', 'accept', 'reject', 'terminate'] as const)
      expect(problem(400, meta(100, details), operation).code).toBe(code);
    expect(problem(400, meta(100, details), 'connect').code).toBe('invalid_parameter');
  });

  it.each([
    [401, '{"error":"Invalid API key"}', 'upstream_key_rejected'],
    [401, '{"error":"nope"}', 'upstream_key_rejected'],
    [401, meta(138006, 'x'), 'permission_required'],
    [401, meta(999_999, 'x'), 'upstream_refused'],
    [400, meta(138038, 'x'), 'not_call_primary'],
    [403, meta(138038, 'x'), 'not_call_primary'],
    [403, '{"error":"endpoint blocked"}', 'upstream_forbidden'],
    [429, '', 'rate_limited'],
    [429, '<html>slow down</html>', 'rate_limited'],
    [400, '{"error":"endpoint rate limit exceeded"}', 'rate_limited'],
    [400, meta(4, 'x'), 'rate_limited'],
    [418, '{"error":"teapot"}', 'upstream_refused'],
    [400, '{"detail":"Bad Request"}', 'upstream_reason_missing'],
    [400, '{"title":"Bad Request","status":400}', 'upstream_reason_missing'],
    [500, 'oops', 'upstream_error'],
    [200, '{"calls":[', 'upstream_unreadable'],
  ])('%i %s means %s, and the catalogue knows the word', (status, body, code) => {
    expect(problem(status, body).code).toBe(code);
    expect(entryOf(code)).toBeDefined();
  });

  it.each([
    [404, '{"error":"call not found"}', 'call_ended'],
    [403, '{"error":"The account was terminated"}', 'upstream_forbidden'],
    [400, '{"error":"The subscription has ended"}', 'upstream_refused'],
    [502, '<html>The call to the backend was terminated</html>', 'upstream_error'],
  ])('without a code, %i %s means %s for a hang-up', (status, body, code) => {
    expect(problem(status, body, 'terminate').code).toBe(code);
  });

  it('of a call action on a number with another Call primary is a reason of the number, and nothing rang', () => {
    for (const operation of ['connect', 'pre_accept', 'accept', 'reject', 'terminate'] as const)
      expect(problem(400, meta(138038, 'This call is handled elsewhere'), operation).code).toBe('not_call_primary');
    expect(entryOf('not_call_primary')).toMatchObject({ status: 409, kind: 'number', retryable: false, rang: 'no' });
    expect(mayHaveActed(readUpstream(500, meta(138038, 'x')))).toBe(false);
  });

  it('every code of a lost answer is in the catalogue', () => {
    const lost = (sent: boolean, operation: Operation) => problemOfNoResponse({ sent, reason: 'ECONNRESET' }, operation).code;
    const codes = [lost(false, 'connect'), lost(true, 'connect'), lost(true, 'read_settings'), lost(true, 'write_settings')];
    expect(codes).toEqual(['upstream_unavailable', 'outcome_unknown', 'upstream_error', 'upstream_error']);
    for (const code of codes) expect(entryOf(code)).toBeDefined();
  });

  it('carries what was said, for the texts and as it came', () => {
    expect(problem(400, meta(100, 'bad sdp'))).toMatchObject({
      params: { message: 'bad sdp' },
      upstream: { status: 400, code: 100, message: '(#100) Refused', details: 'bad sdp', fbtrace_id: 'A1' },
    });
  });

  it('keeps everything that Meta said to a user, each text once', () => {
    const body = JSON.stringify({
      error: { message: 'Refused', code: 1, error_data: { details: 'one' }, error_user_title: 'two', error_user_msg: 'one' },
    });
    expect(readUpstream(400, body).details).toBe('one; two');
  });

  it('reads the next allowed time of a call limit from its details', () => {
    const retryAt = (details: string) => problem(400, meta(138012, details)).retryAt;
    expect(retryAt('Next call allowed at 2026-12-01T13:30:00Z')).toBe(NOW + 5_400_000);
    expect(retryAt('Try after 2026-12-01 13:30:00')).toBe(NOW + 5_400_000);
    expect(retryAt('Try after 2026-12-01T10:30:00-03:00')).toBe(NOW + 5_400_000);
    expect(retryAt(`Try after ${NOW / 1000 + 60}`)).toBe(NOW + 60_000);
    expect(retryAt('Try later')).toBeNull();
    expect(retryAt('Since 2026-11-01T00:00:00Z')).toBeNull();
  });

  it.each([
    ['30', NOW + 30_000],
    ['Tue, 01 Dec 2026 12:05:00 GMT', NOW + 300_000],
    ['Tue, 01 Dec 2020 12:05:00 GMT', NOW],
    ['999999999999999', NOW + DAY],
    ['soon', null],
    ['-5', null],
    ['', null],
    [null, null],
  ])('Retry-After %s is read', (header, at) => {
    expect(readRetryAfter(header, NOW)).toBe(at);
  });

  it.each([
    [400, '', false],
    [401, '', false],
    [302, '', false],
    [429, '', false],
    [408, '', true],
    [425, '', true],
    [499, '', true],
    [500, '', true],
    [503, '<html>', true],
    [200, '{}', true],
    [500, meta(131_000, 'x'), true],
    [500, meta(138_006, 'x'), false],
    [500, meta(138_004, 'x'), true],
  ])('%i %s may have rung: %s', (status, body, acted) => {
    expect(mayHaveActed(readUpstream(status, body))).toBe(acted);
  });
});
