import type { NewUser } from './user.js';

/** `greets`: the user has written before the start, so the 24 h window is open. */
type PredefinedUser = NewUser & { id: string; greets: boolean };

const user = (name: string, waId: string, role: string, more: Partial<PredefinedUser> = {}): PredefinedUser => ({
  id: name.toLowerCase(),
  name,
  waId,
  role,
  greets: true,
  ...more,
});

const FOR_EVER = { permission: { kind: 'permanent', until: null } } as const;

/** The simulated users that always exist. Their numbers are invented and fixed, so that examples can name them. */
export const PREDEFINED_USERS: readonly PredefinedUser[] = [
  user('Ana', '5215512340001', 'Grants permission after 2 s, answers after 3 s, hangs up after 20 s.'),
  user('Beto', '5215512340002', 'Refuses permission after 2 s.', { script: { on_permission_request: 'refuse' } }),
  user('Carla', '5215512340003', 'Grants, then never answers: rings out after 60 s.', { script: { on_call: 'no_answer' } }),
  user('Diego', '5215512340004', 'Grants, then rejects each call after 3 s.', { script: { on_call: 'reject' } }),
  {
    id: 'elena',
    name: 'Elena',
    userId: 'MX.10000000000000000005',
    username: 'elena.example',
    greets: true,
    role: 'Hides her number: only a BSUID. Otherwise like Ana.',
  },
  user('Fede', '5215512340006', 'Calls in when told to, waits 45 s for an answer, talks for 30 s.', {
    script: { hang_up_after_seconds: 30 },
  }),
  user('Gina', '5215512340007', 'Has not written: only a template may ask her. Otherwise like Ana.', { greets: false }),
  user('Hugo', '5215512340008', 'Grants for ever, and never hangs up.', {
    script: { on_permission_request: 'grant_permanent', hang_up_after_seconds: null },
  }),
  user('Ines', '5215512340009', 'Leaves permission requests unanswered.', { script: { on_permission_request: 'ignore' } }),
  user('Julio', '5215512340010', 'Has granted for ever, but his phone is off: never rings, ends after 60 s.', {
    ...FOR_EVER,
    script: { on_call: 'unreachable' },
  }),
  user('Karla', '5215512340011', 'Has granted for ever, but cannot be called (138001).', { ...FOR_EVER, script: { uncallable: true } }),
  user('Luis', '5215512340012', 'Has granted for ever, but the media never arrives: the call fails with 138021.', {
    ...FOR_EVER,
    script: { on_call: 'fail' },
  }),
];
