import { describe, expect, it } from '@jest/globals';
import { readErrorBody } from './error-body.js';
import { explain } from './explain.js';

const META = {
  error: {
    message: '(#138006) No approved call permission found',
    type: 'OAuthException',
    code: 138006,
    error_data: { messaging_product: 'whatsapp', details: 'No approved call permission from the recipient' },
    fbtrace_id: 'Atrace',
  },
};
const PARTS = {
  status: null,
  code: 138006,
  message: '(#138006) No approved call permission found',
  details: 'No approved call permission from the recipient',
  fbtrace_id: 'Atrace',
};
const codeOf = (pasted: unknown) => explain(pasted).entry?.code;
const hintsOf = (pasted: unknown) =>
  explain(pasted)
    .hints.map(({ en }) => en)
    .join('\n');

describe('explain', () => {
  it("reads Meta's own shape, as an object and as text", () => {
    for (const pasted of [META, JSON.stringify(META), JSON.stringify(JSON.stringify(META)), JSON.stringify(META).replaceAll('"', '\\"')]) {
      expect(explain(pasted)).toMatchObject({ entry: { code: 'permission_required' }, upstream: PARTS });
    }
  });

  it('reads the HTTP status above a body', () => {
    expect(explain(`HTTP/1.1 401 Unauthorized\r\n\r\n${JSON.stringify(META)}`).upstream).toEqual({ ...PARTS, status: 401 });
  });

  it("reads 360dialog's words and its meta shape in both spellings", () => {
    expect(codeOf({ error: 'Invalid API key' })).toBe('upstream_key_rejected');
    const meta = { meta: { success: false, http_code: 400, developer_message: 'Number is disabled', details: ['unpaid'] } };
    expect(explain(meta)).toMatchObject({
      entry: { code: 'number_suspended' },
      upstream: { status: 400, message: 'Number is disabled', details: 'unpaid' },
    });
    expect(explain({ meta: { httpCode: 403, developerMessage: 'endpoint blocked' } }).entry?.code).toBe('upstream_forbidden');
  });

  it('reads a list of errors, alone or deep in a webhook', () => {
    const errors = [{ code: 138021, title: 'Media receive timeout', details: 'no packets' }];
    expect(codeOf({ errors })).toBe('no_media_received');
    const webhook = {
      object: 'whatsapp_business_account',
      entry: [{ id: '1', changes: [{ field: 'calls', value: { calls: [{ id: 'wacid.A', errors }] } }] }],
    };
    expect(explain(webhook)).toMatchObject({ entry: { code: 'no_media_received' }, upstream: { code: 138021, details: 'no packets' } });
  });

  it('reads a bare message', () => {
    expect(codeOf({ message: 'Business initiated calls not available for this account' })).toBe('country_not_supported');
  });

  it("takes a number of Meta's and an error code of ours", () => {
    expect([codeOf(138015), codeOf('138015'), codeOf(' (#138015) '), codeOf('error 138015!')]).toEqual(
      Array(4).fill('messaging_limit_too_low'),
    );
    expect(explain('call_claimed')).toMatchObject({ entry: { code: 'call_claimed' }, upstream: null });
  });

  it('keeps an unknown number visible', () => {
    expect(explain(999999)).toMatchObject({ entry: { code: 'upstream_refused' }, upstream: { code: 999999 } });
  });

  it('reads a problem of this gateway together with what Meta said', () => {
    const upstream = { ...PARTS, status: 401 };
    expect(explain({ status: 409, code: 'permission_required', upstream, errors: null })).toMatchObject({
      entry: { code: 'permission_required' },
      upstream,
    });
    const invalid = { status: 422, code: 'invalid_request', upstream: null, errors: [{ field: 'to', message: 'must be a number' }] };
    expect(explain(invalid)).toMatchObject({ entry: { code: 'invalid_request' }, upstream: null });
  });

  it('reads a page of HTML only by its status', () => {
    expect(codeOf('HTTP/1.1 502 Bad Gateway\n\n<html>Bad Gateway</html>')).toBe('upstream_error');
  });

  it.each([['hello'], [''], ['{'], [null], [undefined], [true], [[]], [{}], [{ calls: [{ id: 'wacid.A' }], success: true }]])(
    'recognises no error in %j',
    (pasted) => {
      expect(explain(pasted)).toMatchObject({ entry: null, upstream: null });
      expect(hintsOf(pasted)).toMatch(/No error was recognised/);
    },
  );

  it('survives what refers to itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(explain(loop).entry).toBeNull();
  });

  it('knows that there is no call action request_permission', () => {
    expect(hintsOf('{"messaging_product":"whatsapp","action":"request_permission","to":"5215512345678"}')).toMatch(/no call action/);
    expect(
      hintsOf({
        error: { code: 100, message: '(#100) Invalid parameter', error_data: { details: 'action must be one of connect, accept' } },
      }),
    ).toMatch(/no call action/);
    expect(
      hintsOf({ error: { code: 100, message: '(#100) Invalid parameter', error_data: { details: 'SDP lines must end with CRLF' } } }),
    ).not.toMatch(/no call action/);
  });

  it('knows that reading the permissions asks no user', () => {
    const reading = {
      messaging_product: 'whatsapp',
      permission: { status: 'no_permission' },
      actions: [{ action_name: 'start_call', can_perform_action: false }],
    };
    expect(explain(reading)).toMatchObject({ entry: null, upstream: null });
    expect(hintsOf(reading)).toMatch(/only reads/);
    expect(hintsOf(reading)).not.toMatch(/No error was recognised/);
    expect(hintsOf('GET https://waba-v2.360dialog.io/calling/permissions/5215512345678')).toMatch(/only reads/);
    expect(hintsOf(META)).toMatch(/only reads/);
  });

  it('calms about the 401 of a missing permission, and only there', () => {
    expect(hintsOf(META)).toMatch(/do not reconnect/);
    expect(hintsOf('HTTP/1.1 401\n{"error":"Invalid API key"}')).not.toMatch(/do not reconnect/);
  });

  it('explains that a limit may come as 400, and what the 1,000 conversations were', () => {
    expect(hintsOf('HTTP/1.1 400\n{"error":"endpoint rate limit exceeded"}')).toMatch(/rather than 429/);
    expect(hintsOf('138015')).toMatch(/2,000 unique people/);
  });

  it('gives every hint in both languages', () => {
    const { hints } = explain(META);
    expect(hints.length).toBeGreaterThan(0);
    for (const { en, es } of hints) expect(es && es !== en).toBe(true);
  });
});

describe('reading an error body', () => {
  it('prefers the status it was given over the one in the body', () => {
    expect(readErrorBody({ meta: { http_code: 404, developer_message: 'x' } }, 401)?.status).toBe(401);
  });

  it('takes codes that are written as text, and finds those that stand only in the words', () => {
    expect(readErrorBody({ error: { code: '138006', message: 'no' } })?.code).toBe(138006);
    expect(readErrorBody({ error: '(#138001) Receiver uncallable' })?.code).toBe(138001);
  });

  it('is null for an answer that is no error', () => {
    expect(readErrorBody({ success: true })).toBeNull();
    expect(readErrorBody({ errors: [{ field: 'to', message: 'must be a number' }] })).toBeNull();
    expect(readErrorBody('oops')).toBeNull();
  });

  it.each([
    ['RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING', 'calling_restricted'],
    ['restricted_user_initiated_calling', 'calling_restricted'],
    ['{"restriction_info":[{"restriction_type":"RESTRICTED_BUSINESS_INITIATED_CALLING","expiration":1797600000}]}', 'calling_restricted'],
    ['RESTRICTED_CALLING_OF_TOMORROW', 'restriction_unknown'],
    ['RESTRICTED_BIZ_INITIATED_MESSAGING', undefined],
  ])('a restriction %s is %s', (written, code) => {
    expect(explain(written).entry?.code).toBe(code);
  });
});
