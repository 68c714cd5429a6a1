import { describe, expect, it } from '@jest/globals';
import { allEntries, entryOf } from '#error-catalogue/lookup.js';
import { Problem, type ProblemCode, type ProblemFacts } from '#kernel/problem.js';
import { graphError } from './graph-error.js';

const of = (code: ProblemCode, facts: ProblemFacts = {}) => graphError(new Problem(code, facts), 'en', 'req_1');
const short = (code: ProblemCode, facts?: ProblemFacts) => {
  const { status, body } = of(code, facts);
  return [status, body.error.code, body.error.is_transient];
};

describe('a refusal in the shape of Meta', () => {
  it.each(allEntries().flatMap(({ code }) => (['en', 'es'] as const).map((language) => [code, language] as const)))(
    'has every member for %s in %s',
    (code, language) => {
      const errors = [{ field: 'session.sdp', message: { en: 'is wrong', es: 'está mal' } }];
      const { status, body } = graphError(new Problem(code as ProblemCode, { errors }), language, 'req_1');
      const { error } = JSON.parse(JSON.stringify(body));
      expect(status >= 400 && status < 600).toBe(true);
      expect(error).toEqual({
        message: expect.stringMatching(/^\(#\d+\) \S/),
        type: 'OAuthException',
        code: expect.any(Number),
        ...(code === 'unknown_number' ? { error_subcode: 33 } : {}),
        error_data: { messaging_product: 'whatsapp', details: expect.stringContaining(`session.sdp: ${errors[0]?.message[language]}`) },
        error_user_title: expect.stringMatching(/\S/),
        error_user_msg: expect.stringMatching(/\S/),
        is_transient: expect.any(Boolean),
        fbtrace_id: 'req_1',
        gateway_code: code,
      });
      expect(Number.isInteger(error.code)).toBe(true);
      expect(error.message).toBe(`(#${error.code}) ${error.error_user_title}`);
    },
  );

  it('has the numbers and statuses of Meta for gates, access, input and what cannot be reached', () => {
    expect(short('calling_disabled')).toEqual([401, 138000, false]);
    expect(short('permission_required')).toEqual([401, 138006, false]);
    expect(short('call_limit_reached')).toEqual([400, 138012, true]);
    expect(short('call_in_progress')).toEqual([400, 138003, true]);
    expect(short('unauthenticated')).toEqual([401, 190, false]);
    expect(short('insufficient_scope')).toEqual([403, 10, false]);
    expect(short('too_many_requests')).toEqual([429, 4, true]);
    expect(short('invalid_request')).toEqual([400, 100, false]);
    expect(short('call_not_found')).toEqual([400, 100, false]);
    expect(short('number_paused')).toEqual([400, 100, false]);
    expect(short('not_a_permission_request')).toEqual([400, 131051, false]);
    expect(short('upstream_unavailable')).toEqual([503, 2, true]);
    expect(short('payload_too_large')).toEqual([413, 100, false]);
    expect(short('route_not_found')).toEqual([404, 100, false]);
    expect(short('internal_error')[0]).toBe(500);
    // The phone may ring: a client that takes it as transient would dial twice.
    expect(short('outcome_unknown')).toEqual([500, 131000, false]);
    expect(short('key_budget_used', { retryAt: 1 })).toEqual([429, 4, true]);
  });

  it('keeps what Meta said: code, status, words and trace', () => {
    const upstream = { status: 401, code: 138006, message: '(#138006) No permission', details: 'of Meta', fbtrace_id: 'A1' };
    const { status, body } = of('permission_required', { upstream });
    expect([status, body.error]).toMatchObject([
      401,
      { code: 138006, message: '(#138006) No permission', error_data: { details: 'of Meta' }, fbtrace_id: 'A1' },
    ]);
    expect(body.error.error_user_msg).toBe(entryOf('permission_required').en.remedy);
    expect(of('upstream_refused', { upstream: { ...upstream, status: 200, code: 999 } })).toMatchObject({ status: 400 });
  });

  it('of 360dialog in words alone has the number that the catalogue knows, and its words', () => {
    const upstream = { status: 401, code: null, message: 'Invalid API key', details: 'words of 360dialog', fbtrace_id: null };
    const { status, body } = of('upstream_key_rejected', { upstream });
    // A 401 would say that the key of the client is wrong.
    expect([status, body.error.code, body.error.error_data.details, body.error.fbtrace_id]).toEqual([
      ...[500, 131000, 'words of 360dialog', 'req_1'],
    ]);
  });
});
