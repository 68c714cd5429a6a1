import type { Secret } from '#kernel/secret.js';

/** What the simulator has by these names; `none` tells of nothing. */
export const SIMULATOR_HISTORIES = ['growing', 'reached', 'stalled', 'restricted', 'fresh', 'none'] as const;

/** Where the gateway keeps what it knows. */
export type DatabaseUrl = { kind: 'sqlite'; path: string } | { kind: 'postgres'; url: Secret };

/** One server as a browser takes it; a name and a password of its own, or neither. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username: string | null;
  readonly credential: Secret | null;
}

/** Everything an owner can set; read once from the environment and checked whole by `readSettings`. Times are in ms. */
export abstract class Settings {
  abstract readonly port: number;
  abstract readonly host: string;
  /** The address 360dialog and consumers reach the gateway by, without a slash at its end. */
  abstract readonly publicUrl: string;
  abstract readonly database: DatabaseUrl;
  abstract readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Where traces go, without `/v1/traces`; null for no traces. */
  abstract readonly tracesUrl: string | null;
  abstract readonly apiKey: Secret | null;
  abstract readonly corsOrigins: readonly string[];
  /** `simulator` when no `D360_API_KEY` is set: nothing leaves the machine. */
  abstract readonly mode: 'live' | 'simulator';
  /** The past that the simulator tells of; without meaning in live mode. */
  abstract readonly simulatorHistory: (typeof SIMULATOR_HISTORIES)[number];
  abstract readonly dialog360: {
    readonly apiKey: Secret;
    readonly baseUrl: string;
    readonly timeoutMs: number;
    readonly phoneNumberId: string | null;
    /** The tokens that a delivery may carry: one, or two while rotating. */
    readonly webhookTokens: readonly Secret[];
  };
  /** The partner API, as a whole or not at all. */
  abstract readonly partner: {
    readonly baseUrl: string;
    readonly id: string;
    readonly apiKey: Secret;
    readonly clientId: string;
    readonly channelId: string | null;
  } | null;
  abstract readonly meta: { readonly accessToken: Secret; readonly wabaId: string } | null;
  abstract readonly compliance: {
    readonly requiredConversations: number;
    readonly windowDays: number;
    readonly pollCron: string;
    readonly reportCron: string;
    readonly timeZone: string;
  };
  abstract readonly forward: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | null;
  abstract readonly eventsAllowPrivateTargets: boolean;
  /** Whether the endpoint of a subscription must first say that it wants events. */
  abstract readonly eventsChallenge: boolean;
  abstract readonly limits: {
    /** Requests of one key, session or token in a minute. */
    readonly requestsPerMinute: number;
    /** Requests with a wrong key, or none, from one address in a minute. */
    readonly failuresPerMinute: number;
  };
  /** Proxies, as addresses or networks, whose word on the address of a caller is taken. */
  abstract readonly trustedProxies: readonly string[];
  abstract readonly retentionDays: number;
  abstract readonly deadlines: {
    /** How long a user may take to answer a permission request. */
    readonly permissionMs: number;
    /** How long a call with permission waits for its offer. */
    readonly readyMs: number;
    /** How long a dial may go without any word from the wire. */
    readonly dialMs: number;
    /** How long an outbound call may ring. */
    readonly ringMs: number;
    /** How long an inbound call can be answered after Meta announced it. */
    readonly answerMs: number;
    /** How long an accept may stay unconfirmed. */
    readonly acceptMs: number;
    /** The longest call; at its end the gateway hangs up. */
    readonly talkMs: number;
    /** How long a claim on an inbound call lasts without an accept. */
    readonly claimMs: number;
    /** How long a softphone's lease of a call lasts unless it is renewed. */
    readonly leaseMs: number;
  };
  /** STUN and TURN servers for the sound of softphones; none unless the owner names some. */
  abstract readonly ice: {
    readonly servers: readonly IceServer[];
    /** Shared with the TURN servers that have no password of their own. */
    readonly turnSecret: Secret | null;
    /** How long a password made with it holds. */
    readonly turnMs: number;
  };
  /** Whose rules on asking and calling hold where Meta tells no live limits: a test number's are laxer. */
  abstract readonly permissionPolicy: 'production' | 'sandbox';
  /** How old a permission read from 360dialog may be before a dial asks again. */
  abstract readonly permissionMaxAgeMs: number;
  /** How old a figure of the number (settings, health, webhook) may be before it is read again. */
  abstract readonly figureMaxAgeMs: number;
  /** How long the door stays open after SIGTERM while /health/ready says `draining`, so that no proxy knocks at a closed one. */
  abstract readonly shutdownGraceMs: number;
}

/** The faults of a configuration, each naming its variable; thrown once with all of them. */
export class InvalidSettings extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'InvalidSettings';
  }
}
