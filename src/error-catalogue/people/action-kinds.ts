/** What an operator can do next about a problem. The console has one implementation of each; `wait` and `none` are no buttons. */
export const ACTION_KINDS = [
  'turn_calling_on',
  'ask_permission',
  'ask_again_at',
  'call_again',
  'call_again_at',
  'retry',
  'sign_in',
  'correct_number',
  'correct_input',
  'open_settings',
  'open_person',
  'open_call',
  'open_calls',
  'open_overview',
  'open_eligibility',
  'open_numbers',
  'open_softphone',
  'contact_administrator',
  'wait',
  'none',
] as const;

export type ActionKind = (typeof ACTION_KINDS)[number];
