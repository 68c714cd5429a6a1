import { describe, expect, it } from '@jest/globals';
import { Problem } from '#kernel/problem.js';
import { problemDocument } from './problem-document.js';

const HERE = 'https://calls.example';

describe('a problem document', () => {
  it('has every member, unknown ones null and none missing', () => {
    const document = problemDocument(new Problem('unauthenticated'), 'en', HERE);
    expect(document).toMatchObject({
      type: 'https://calls.example/api/calling/errors/unauthenticated',
      status: 401,
      code: 'unauthenticated',
      retryable: false,
      retry_at: null,
      upstream: null,
      errors: [],
    });
    for (const text of [document.title, document.detail, document.remedy]) expect(text).toMatch(/\w/);
  });

  it('says the same in Spanish, with the same code', () => {
    const [en, es] = (['en', 'es'] as const).map((language) => problemDocument(new Problem('invalid_json'), language, HERE));
    expect(es?.code).toBe(en?.code);
    expect(es?.title).not.toBe(en?.title);
  });

  it('writes what is wrong with a field in the language of the reader, or as it was given', () => {
    const problem = new Problem('invalid_request', {
      errors: [
        { field: 'to', message: { en: 'is required', es: 'es obligatorio' } },
        { field: 'url', message: 'must be https' },
      ],
    });
    expect(problemDocument(problem, 'es', HERE).errors).toEqual([
      { field: 'to', message: 'es obligatorio' },
      { field: 'url', message: 'must be https' },
    ]);
  });

  it('is retryable with the time at which it can succeed', () => {
    const at = Date.UTC(2026, 10, 22, 9);
    expect(problemDocument(new Problem('request_in_progress', { retryAt: at }), 'en', HERE)).toMatchObject({
      retryable: true,
      retry_at: '2026-11-22T09:00:00.000Z',
    });
  });

  it('carries further members but never lets them replace its own', () => {
    const document = problemDocument(new Problem('not_found', { extra: { call: { id: 'call_1' }, status: 200 } }), 'en', HERE);
    expect(document).toMatchObject({ call: { id: 'call_1' }, status: 404 });
  });

  it('repeats exactly what Meta said', () => {
    const upstream = { status: 400, code: 131026, message: 'Message undeliverable', details: null, fbtrace_id: 'A1' };
    expect(problemDocument(new Problem('user_unreachable', { upstream }), 'en', HERE).upstream).toEqual(upstream);
  });
});
