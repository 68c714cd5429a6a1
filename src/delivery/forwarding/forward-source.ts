import type { Settings } from '#config/settings.js';
import type { ForwardTarget } from '#identity/numbers/business-number.js';
import type { NumbersService } from '#identity/numbers/numbers.service.js';

/** The cursor of the environment's target. */
export const OF_ENVIRONMENT = 'webhook';

/** Whose deliveries are forwarded, and under which name their cursor is kept. */
export interface ForwardSource {
  name: string;
  /** Null while the number of the environment is unknown. */
  phoneNumberId: string | null;
  /** The numbers under which its deliveries are kept. */
  numbers: readonly string[];
  target: ForwardTarget;
}

/** The numbers with a forward. The target of the environment is there before its number is known: deliveries are kept meanwhile. */
export function sourcesOf(
  numbers: Pick<NumbersService, 'all' | 'environment' | 'keptUnder'>,
  { forward }: Pick<Settings, 'forward'>,
): ForwardSource[] {
  const all = numbers.all();
  const known = all.flatMap(({ phoneNumberId, source, forward: target }): ForwardSource[] =>
    target
      ? [
          {
            name: source === 'environment' ? OF_ENVIRONMENT : phoneNumberId,
            phoneNumberId,
            numbers: numbers.keptUnder(phoneNumberId),
            target,
          },
        ]
      : [],
  );
  if (!forward || numbers.environment) return known;
  return [{ name: OF_ENVIRONMENT, phoneNumberId: null, numbers: all.length === 0 ? [''] : [], target: forward }, ...known];
}
