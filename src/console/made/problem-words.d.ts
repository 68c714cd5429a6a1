import type { ActionKind } from '../../error-catalogue/people/action-kinds.js';

/** The gateway makes this module from its error catalogue; what it exports is declared here, for the pages. */
export declare const SENTENCES: Record<string, { en: string; es: string; action: ActionKind }>;
export declare const LABELS: Record<ActionKind, { en: string; es: string }>;
