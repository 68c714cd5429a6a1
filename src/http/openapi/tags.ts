/** The groups of operations, in the order of the page. */
export const TAGS: Readonly<Record<string, string>> = {
  calling: 'Placing and taking calls, and whether this is possible now.',
  'call log': 'Every call and its timeline.',
  softphone: 'What a page needs to carry a call.',
  settings: "The number's calling settings.",
  events: 'What happens, as a stream and as signed webhooks to subscriptions.',
  subscriptions: 'Where the gateway posts events.',
  errors: 'The error catalogue.',
  compliance: 'Conversations, messaging limit, polls and reports.',
  numbers: 'The business numbers of the gateway.',
  keys: 'API keys and the audit log.',
  'sign-in': 'Browser tokens, and sessions of the console.',
  users: 'Erasure of a person.',
  webhooks: 'What 360dialog delivers to the gateway.',
  forwarding: 'What the target of `WEBHOOK_FORWARD_URL` has refused.',
  health: 'Liveness, readiness and metrics.',
};
