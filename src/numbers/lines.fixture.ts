import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { Lines } from './lines.js';

/** One line for every number. */
export const lineOf = (client: Partial<Dialog360Client>): Lines => ({ of: () => client }) as unknown as Lines;
