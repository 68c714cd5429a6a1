import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { LinesService } from './lines.service.js';

/** One line for every number. */
export const lineOf = (client: Partial<Dialog360Client>): LinesService => ({ of: () => client }) as unknown as LinesService;
