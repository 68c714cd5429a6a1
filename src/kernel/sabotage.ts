/** The promises that can be broken on purpose. */
const SABOTAGES = [
  'ack-before-commit',
  'synchronous-normal',
  'place-before-send',
  'cursor-without-snapshot',
  'forward-inline',
  'forward-by-tick',
  'erase-without-deliveries',
  'erase-without-compaction',
  'token-by-prefix',
  'keep-what-was-parsed',
  'leave-at-once',
  'dial-again',
  'wait-for-lock',
  'tell-by-tick',
  'believe-the-clock',
] as const;

export type Sabotage = (typeof SABOTAGES)[number];

/**
 * Which promise this process breaks, for `npm run prove` alone: a chaos test that cannot go red proves nothing, so each one
 * is run once more against a gateway that is wrong in just the way it looks for.
 * @throws Error with `NODE_ENV=production`, and for a word that is not known
 */
export function readSabotage(variables: Readonly<Record<string, string | undefined>>): Sabotage | null {
  const word = variables.GATEWAY_SABOTAGE ?? '';
  if (word === '') return null;
  if (variables.NODE_ENV === 'production') throw new Error('GATEWAY_SABOTAGE breaks a promise on purpose: production refuses it, unset it');
  const known = SABOTAGES.find((one) => one === word);
  if (known === undefined) throw new Error(`GATEWAY_SABOTAGE must be one of ${SABOTAGES.join(', ')}`);
  return known;
}

/** Read when the process starts, so that a running gateway cannot be turned. */
export const SABOTAGE = readSabotage(process.env);
