/** The words that the two reactions of a script may be. */
export const SCRIPT_CHOICES = {
  on_permission_request: ['grant_temporary', 'grant_permanent', 'refuse', 'ignore'],
  on_call: ['answer', 'reject', 'no_answer', 'busy', 'unreachable', 'fail'],
} as const;

/**
 * How a simulated user behaves by itself; the control API can overrule each moment. Times are whole seconds. By default: grants
 * after 2 s, rings, answers after 3 s, hangs up after 20 s, as every unknown number does.
 */
export class Script {
  on_permission_request: (typeof SCRIPT_CHOICES.on_permission_request)[number] = 'grant_temporary';
  permission_after_seconds = 2;
  /** How long after granting this user withdraws the permission; `null`: never. */
  revoke_after_seconds: number | null = null;
  /**
   * `no_answer` lets it ring out; `busy` ends without ringing; `unreachable` never rings and times out; `fail` breaks the
   * set-up with `fail_code`.
   */
  on_call: (typeof SCRIPT_CHOICES.on_call)[number] = 'answer';
  call_after_seconds = 3;
  /** 138019 to 138023, sent in the terminate webhook. */
  fail_code = 138_021;
  /** `null`: this user never hangs up. */
  hang_up_after_seconds: number | null = 20;
  /** How long this user waits for the business to accept; Meta ends the call after 60 s in any case. */
  give_up_after_seconds = 45;
  /** Not on WhatsApp, terms not accepted, or an unsupported client: 138001. */
  uncallable = false;
  /** A client older than permission requests: their delivery fails with 131026. */
  old_client = false;
}

interface Rule {
  holds: (value: unknown) => boolean;
  says: string;
}

const oneOf = (choices: readonly string[]): Rule => ({
  holds: (value) => choices.some((choice) => choice === value),
  says: choices.join(', '),
});
const isSeconds = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 604_800;
const SECONDS: Rule = { holds: isSeconds, says: 'whole seconds' };
const SECONDS_OR_NEVER: Rule = { holds: (value) => value === null || isSeconds(value), says: 'whole seconds, or null for never' };
const FLAG: Rule = { holds: (value) => typeof value === 'boolean', says: 'true or false' };

const RULES: Readonly<Record<keyof Script, Rule>> = {
  on_permission_request: oneOf(SCRIPT_CHOICES.on_permission_request),
  permission_after_seconds: SECONDS,
  revoke_after_seconds: SECONDS_OR_NEVER,
  on_call: oneOf(SCRIPT_CHOICES.on_call),
  call_after_seconds: SECONDS,
  fail_code: { holds: (value) => typeof value === 'number' && value >= 138_019 && value <= 138_023, says: '138019 to 138023' },
  hang_up_after_seconds: SECONDS_OR_NEVER,
  give_up_after_seconds: SECONDS,
  uncallable: FLAG,
  old_client: FLAG,
};

export const isScriptField = (name: string): name is keyof Script => name in RULES;

/** What is wrong with one field of a script, or `null`. */
export const faultOfScript = (name: keyof Script, value: unknown): string | null =>
  RULES[name].holds(value) ? null : `${name} must be one of: ${RULES[name].says}`;
