/** How a simulated user behaves by itself; the control API can overrule each moment. Times are whole seconds. */
export interface Script {
  on_permission_request: 'grant_temporary' | 'grant_permanent' | 'refuse' | 'ignore';
  permission_after_seconds: number;
  /**
   * `no_answer` lets it ring out; `busy` ends without ringing; `unreachable` never rings and times out; `fail` breaks the
   * set-up with `fail_code`.
   */
  on_call: 'answer' | 'reject' | 'no_answer' | 'busy' | 'unreachable' | 'fail';
  call_after_seconds: number;
  /** 138019 to 138023, sent in the terminate webhook. */
  fail_code: number;
  /** `null`: this user never hangs up. */
  hang_up_after_seconds: number | null;
  /** How long this user waits for the business to accept; Meta ends the call after 60 s in any case. */
  give_up_after_seconds: number;
  /** Not on WhatsApp, terms not accepted, or an unsupported client: 138001. */
  uncallable: boolean;
  /** A client older than permission requests: their delivery fails with 131026. */
  old_client: boolean;
}

/** Grants after 2 s, rings, answers after 3 s, hangs up after 20 s: how every unknown number behaves. */
export const FRIENDLY: Readonly<Script> = {
  on_permission_request: 'grant_temporary',
  permission_after_seconds: 2,
  on_call: 'answer',
  call_after_seconds: 3,
  fail_code: 138_021,
  hang_up_after_seconds: 20,
  give_up_after_seconds: 45,
  uncallable: false,
  old_client: false,
};

const CHOICES = {
  on_permission_request: ['grant_temporary', 'grant_permanent', 'refuse', 'ignore'],
  on_call: ['answer', 'reject', 'no_answer', 'busy', 'unreachable', 'fail'],
} as const;

const isSeconds = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 604_800;

const RULES: { [Key in keyof Script]: { holds: (value: unknown) => boolean; says: string } } = {
  on_permission_request: {
    holds: (value) => CHOICES.on_permission_request.some((choice) => choice === value),
    says: CHOICES.on_permission_request.join(', '),
  },
  permission_after_seconds: { holds: isSeconds, says: 'whole seconds' },
  on_call: { holds: (value) => CHOICES.on_call.some((choice) => choice === value), says: CHOICES.on_call.join(', ') },
  call_after_seconds: { holds: isSeconds, says: 'whole seconds' },
  fail_code: { holds: (value) => typeof value === 'number' && value >= 138_019 && value <= 138_023, says: '138019 to 138023' },
  hang_up_after_seconds: { holds: (value) => value === null || isSeconds(value), says: 'whole seconds, or null for never' },
  give_up_after_seconds: { holds: isSeconds, says: 'whole seconds' },
  uncallable: { holds: (value) => typeof value === 'boolean', says: 'true or false' },
  old_client: { holds: (value) => typeof value === 'boolean', says: 'true or false' },
};

export const isScriptField = (name: string): name is keyof Script => name in RULES;

/** What is wrong with one field of a script, or `null`. */
export const faultOfScript = (name: keyof Script, value: unknown): string | null =>
  RULES[name].holds(value) ? null : `${name} must be one of: ${RULES[name].says}`;
