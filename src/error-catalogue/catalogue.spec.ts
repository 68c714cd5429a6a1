import { describe, expect, it } from '@jest/globals';
import { Problems } from '#api-conventions/problems.decorator.js';
import { Problem, type ProblemCode } from '#kernel/problem.js';
import type { CatalogueEntry, CatalogueText, Language } from './catalogue.js';
import { range } from './codes/entry.js';
import { allEntries, entryOf, entryOfRefusal, entryOfUpstream, entryOfWords, fill, isProblemCode } from './lookup.js';
import { ACTION_KINDS } from './people/action-kinds.js';
import { forbiddenIn } from './people/forbidden-words.fixture.js';
import { ACTION_LABELS, type PeopleFor, toPeople } from './people/people.js';

const PARTS = ['title', 'detail', 'remedy'] as const satisfies readonly (keyof CatalogueText)[];
const LANGUAGES: readonly Language[] = ['en', 'es'];
const placeholders = (text: string): string[] => [...new Set(text.match(/\{[a-z_]+\}/g))].sort();
const all = (text: CatalogueText): string => PARTS.map((part) => text[part]).join(' ');
const codes = (entries: readonly CatalogueEntry[]): string[] => entries.map(({ code }) => code);
const refusal = (facts: { code?: number; status?: number; message?: string }) =>
  entryOfRefusal({
    code: facts.code ?? null,
    status: facts.status ?? null,
    message: facts.message ?? null,
    details: null,
    fbtrace_id: null,
  });

/** Sections 5.1 and 5.2 of the fact sheet, the numbers of templates and those Meta keeps silent about. */
const NUMBERS = [
  ...[100, 613, 131009, 131030, 131044, 131055, ...range(138000, 138007), 138009, ...range(138012, 138015), ...range(138017, 138025)],
  ...[0, 1, 2, 3, 4, 10, 33, 190, ...range(200, 299), 368, 80007, 130429, 130497, 131000, 131005, 131008, 131016, 131021, 131026],
  ...[131031, 131037, 131042, 131045, 131047, 131048, 131049, 131050, 131051, 131052, 131053, 131056, 131057, 133004, 133010],
  ...[...range(132000, 132016), 138008, 138010, 138011, 138016, 138038],
];

const FIXED: Readonly<Record<number, string>> = {
  401: 'unauthenticated webhook_unauthorized',
  403: 'insufficient_scope origin_not_allowed',
  404: 'not_found route_not_found call_not_found code_not_found',
  409: `call_in_progress request_in_progress permission_required permission_request_limit_reached window_closed call_limit_reached
    permission_already_permanent user_unreachable user_busy user_is_active call_claimed call_ended call_already_answered call_not_ready call_not_ringing
    wrong_direction session_required answer_mismatch outcome_unknown permission_request_failed permission_denied permission_expired
    calling_disabled calling_restricted country_not_supported sip_enabled messaging_limit_too_low calling_prerequisites_missing
    payment_required not_in_allow_list template_unavailable webhook_unregistered webhook_elsewhere webhook_silent no_listener
    pick_up_rate_low inbound_pick_up_rate_low not_call_primary other_number`,
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'invalid_request invalid_json unknown_number number_required idempotency_key_reused invalid_idempotency_key invalid_parameter',
  429: 'rate_limited concurrent_calls_limit pair_rate_limited',
  500: 'internal_error',
  502: `upstream_refused upstream_reason_missing upstream_path_unknown upstream_key_rejected upstream_forbidden upstream_error upstream_unreadable media_setup_failed relay_unreachable
    no_media_received no_media_sent no_media_signals connection_failed connect_timeout`,
  503: 'upstream_unavailable upstream_circuit_open upstream_busy number_unproven store_unavailable inbox_full shutting_down',
};

describe('the catalogue', () => {
  it('is sorted by code, and each code is one snake_case word', () => {
    const listed = codes(allEntries());
    expect(listed).toEqual([...new Set(listed)].sort());
    for (const code of listed) expect(code).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
  });

  it('has every text in both languages, and never the same one twice', () => {
    for (const { code, en, es } of allEntries()) {
      for (const part of PARTS) {
        expect([code, part, en[part].trim().length > 5, es[part].trim().length > 5]).toEqual([code, part, true, true]);
        expect([code, part, en[part] === es[part]]).toEqual([code, part, false]);
      }
    }
  });

  it('ends titles without a full stop, and details and remedies with one unless Meta has the last word', () => {
    for (const entry of allEntries()) {
      for (const language of LANGUAGES) {
        const { title, detail, remedy } = entry[language];
        expect([entry.code, title]).toEqual([entry.code, expect.not.stringMatching(/\.$/)]);
        for (const text of [detail, remedy]) expect([entry.code, text]).toEqual([entry.code, expect.stringMatching(/(\.|\{message\})$/)]);
      }
    }
  });

  it('uses the same placeholders in both languages', () => {
    for (const { code, en, es } of allEntries()) {
      for (const part of PARTS) expect([code, part, placeholders(es[part])]).toEqual([code, part, placeholders(en[part])]);
    }
  });

  it('has no placeholder besides {encoding}, {limit}, {message}, {scope} and two numbers', () => {
    const used = allEntries().flatMap((entry) => LANGUAGES.flatMap((language) => placeholders(all(entry[language]))));
    expect([...new Set(used)].sort()).toEqual(['{encoding}', '{expected}', '{limit}', '{message}', '{named}', '{scope}']);
  });

  it('gives each number of Meta to one entry at most', () => {
    const numbers = allEntries().flatMap(({ upstream }) => upstream);
    expect(numbers.length).toBe(new Set(numbers).size);
  });

  it.each(NUMBERS)('knows the number %i', (metaCode) => {
    expect(entryOfUpstream(metaCode)?.upstream).toContain(metaCode);
  });

  it.each(Object.entries(FIXED))('answers with status %s the codes that other modules use', (status, words) => {
    for (const code of words.split(/\s+/)) expect([code, entryOf(code)?.status]).toEqual([code, Number(status)]);
  });

  it("gives each code one status, by the contract's rule", () => {
    const allowed: Readonly<Record<CatalogueEntry['kind'], readonly number[]>> = {
      access: [401, 403],
      // 400 and 431 are of the HTTP parser: no such request has reached a route.
      input: [400, 413, 415, 422, 431],
      not_found: [404],
      number: [409],
      person: [409],
      call: [409],
      rate: [429],
      unavailable: [408, 500, 503],
      upstream: [502],
      media: [502],
    };
    for (const { code, kind, status } of allEntries()) expect([code, allowed[kind].includes(status)]).toEqual([code, true]);
  });

  it('lets every limit of rate be retried, and never an input', () => {
    for (const { code, kind, retryable } of allEntries()) {
      if (kind === 'rate') expect([code, retryable]).toEqual([code, true]);
      if (kind === 'input' || kind === 'access') expect([code, retryable]).toEqual([code, false]);
    }
  });

  it('says that a phone may have rung exactly where nothing proves the contrary', () => {
    for (const metaCode of [1, 2, 131000, 131016, 131057, 133004, 138004, 138007]) expect(entryOfUpstream(metaCode)?.rang).toBe('maybe');
    const refused = [100, 613, 131055, 138000, 138001, 138002, 138003, 138005, 138006, 138012, 138013, 138014, 138015, 138018, 138038];
    for (const metaCode of refused) expect([metaCode, entryOfUpstream(metaCode)?.rang]).toEqual([metaCode, 'no']);
  });

  it.each([138000, 138006])('never speaks of a failed login for %i, which Meta sends as HTTP 401', (metaCode) => {
    const entry = entryOfUpstream(metaCode);
    for (const language of LANGUAGES) {
      expect(entry && all(entry[language])).not.toMatch(/\bkeys?\b|token|credential|re-?auth|log.?in\b|clave|llave|credencial|autentic/i);
    }
  });

  it('speaks of permission for 138006', () => {
    expect(entryOfUpstream(138006)?.en.title).toMatch(/permission/);
    expect(entryOfUpstream(138006)?.es.title).toMatch(/permiso/);
  });

  it('sends the owner with a low messaging limit to verification first, and to volume second', () => {
    const { en, es } = entryOf('messaging_limit_too_low') as CatalogueEntry;
    expect(en.remedy).toMatch(/^Verify the business.*2,000 delivered templates.*30 days/);
    expect(es.remedy).toMatch(/^Verifique la empresa.*2000 plantillas.*30 días/);
    expect(`${en.remedy} ${es.remedy}`).not.toMatch(/conversa/i);
  });

  it('names both counters of permission requests and what resets them', () => {
    const { en } = entryOf('permission_request_limit_reached') as CatalogueEntry;
    expect(all(en)).toMatch(/once in 24 hours and twice in 7 days.*retry_at.*connected call/);
  });
});

describe('what a code says to people', () => {
  const LONGEST = 20;
  const wordsOf = (text: string): number => text.split(/\s+/).length;

  it('is one sentence or two of at most 20 words, without a word of programmers', () => {
    for (const { code, people } of allEntries()) {
      for (const language of LANGUAGES) {
        const text = people[language];
        expect([code, text, wordsOf(text) <= LONGEST, forbiddenIn(text)]).toEqual([code, text, true, []]);
        expect([code, text]).toEqual([code, expect.stringMatching(/^[A-ZÁÉÍÓÚ¿\d{].*\.$/)]);
      }
      expect([code, people.en === people.es]).toEqual([code, false]);
    }
  });

  it('has a label for each action, and each action is used', () => {
    expect([...new Set(allEntries().map(({ people }) => people.action))].sort()).toEqual([...ACTION_KINDS].sort());
    for (const kind of ACTION_KINDS) {
      const { en, es } = ACTION_LABELS[kind];
      expect([kind, en === es, forbiddenIn(`${en} ${es}`), wordsOf(en) <= 7, wordsOf(es) <= 9]).toEqual([kind, false, [], true, true]);
    }
  });

  it('compiles only with known placeholders, the same in both languages, for every code', () => {
    // @ts-expect-error no caller fills this placeholder
    expect(toPeople('{name} and {other}', '{name} y {other}', 'none')).toBeDefined();
    // @ts-expect-error the translation lacks the name
    expect(toPeople('Ask {name}.', 'Pida permiso.', 'none')).toBeDefined();
    // @ts-expect-error there is no such action
    expect(toPeople('Ask.', 'Pida.', 'dance')).toBeDefined();
    // @ts-expect-error a code without a sentence
    const lacking: PeopleFor<readonly [{ code: 'a' }, { code: 'b' }]> = { a: toPeople('Ask.', 'Pida.', 'none') };
    expect(lacking).toBeDefined();
  });
});

describe('an error code', () => {
  it('compiles as the code of a problem only when the catalogue has it', () => {
    // @ts-expect-error the catalogue has no such code
    expect(new Problem('permission_requird').code).toBe('permission_requird');
    // @ts-expect-error the catalogue has no such code
    expect(Problems('not_found', 'permission_requird')).toBeInstanceOf(Function);
    const known: ProblemCode[] = allEntries().map(({ code }) => code);
    expect(known.every(isProblemCode)).toBe(true);
    expect(isProblemCode('permission_requird')).toBe(false);
  });
});

describe('looking up', () => {
  it('does not know a number that Meta never named', () => {
    expect([entryOfUpstream(999999), entryOf('nonsense'), entryOf('constructor')]).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    [400, 'Endpoint rate limit exceeded', 'rate_limited'],
    [401, 'Invalid API key', 'upstream_key_rejected'],
    [401, '', 'upstream_key_rejected'],
    [403, 'endpoint blocked', 'upstream_forbidden'],
    [400, 'Number is disabled unpaid', 'number_suspended'],
    [400, 'API disabled for the number', 'number_suspended'],
    [400, 'Sending stopped because invoices are overdue', 'invoices_overdue'],
    [403, 'permission denied for partner x', 'partner_permission_denied'],
    [400, 'Business initiated calls not available for this account', 'country_not_supported'],
    [401, '(#138006) No approved call permission found', 'permission_required'],
    [401, 'No approved call permission found', 'permission_required'],
    [502, 'WhatsApp for Business API not available', 'integration_unavailable'],
    [500, 'Number is disabled', 'upstream_error'],
    [429, '', 'rate_limited'],
  ])('reads status %i with the words "%s" as %s', (status, words, code) => {
    expect(entryOfWords(status, words)?.code).toBe(code);
  });

  it('leaves unknown words of a 4xx to the caller', () => {
    expect(entryOfWords(400, 'Bad request')?.code).toBe('upstream_reason_missing');
    expect(entryOfWords(400, 'Something of their own')).toBeUndefined();
  });

  it("lets Meta's number decide over status and words, and keeps unknown refusals refused", () => {
    expect(refusal({ code: 138006, status: 401, message: 'Invalid API key' }).code).toBe('permission_required');
    expect(refusal({ code: 999999, status: 400 }).code).toBe('upstream_refused');
    expect(refusal({ code: 999999, status: 429 }).code).toBe('rate_limited');
    expect(refusal({ code: 999999, status: 500 }).code).toBe('upstream_error');
    expect(refusal({ status: 400, message: 'Something of their own' }).code).toBe('upstream_refused');
  });

  it('fills placeholders, also with what looks like a pattern, and marks what is missing', () => {
    expect(fill('{a} and {b}', { a: '$& {b}', b: 2 })).toBe('$& {b} and 2');
    expect(fill('Meta said: {message}')).toBe('Meta said: …');
  });
});
