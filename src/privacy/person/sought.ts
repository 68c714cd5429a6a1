import { parseJson } from '#kernel/read.js';
import type { NumberBounds } from './number-bounds.js';
import type { Traces } from './traces.js';

/** A person, as they are recognised, and in whose rows they are looked for. */
export interface Sought {
  traces: Traces;
  bounds: NumberBounds;
}

/** A delivery as it was received. */
export interface ReceivedDelivery {
  text: string;
  /** The number with whose token it came; null where it is not known. */
  broughtBy: string | null;
}

export const received = ({ body, phone_number_id }: { body: Uint8Array; phone_number_id: string }): ReceivedDelivery => ({
  text: new TextDecoder().decode(body),
  broughtBy: phone_number_id || null,
});

/** Undefined for what is no JSON, or nested so deeply that only an attack would be. */
export function readable(text: string): unknown {
  try {
    const value = parseJson(text);
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}
