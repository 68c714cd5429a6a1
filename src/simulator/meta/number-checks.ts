import { rfc3339 } from '#kernel/clock.js';
import { accountUsable, mayStartCalls, restrictionOf, type SimulatedNumber } from '#simulator/world/number.js';
import { MetaRefusal } from './refusals.js';

/** @throws MetaRefusal 138000 unless calling is on */
export function checkCallingEnabled({ calling }: SimulatedNumber): void {
  if (calling.status !== 'ENABLED') throw new MetaRefusal(138000, 'Calling is not enabled on this phone number');
}

/** @throws MetaRefusal 131031, 138000, 138013 or 138014 when the number may start no calls, nor ask for the permission to */
export function checkMayStartCalls(number: SimulatedNumber, now: number): void {
  if (!accountUsable(number)) throw new MetaRefusal(131031, 'The account of this phone number is not in use');
  checkCallingEnabled(number);
  if (!mayStartCalls(number)) throw new MetaRefusal(138013, `Business initiated calls are not available in ${number.country}`);
  const restriction = restrictionOf(number, 'business', now);
  if (restriction)
    throw new MetaRefusal(138014, `${restriction.reason}${restriction.until === null ? '' : `; ends at ${rfc3339(restriction.until)}`}`);
}
