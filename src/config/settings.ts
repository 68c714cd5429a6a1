import type { Secret } from '#kernel/secret.js';
import type { DatabaseUrl } from './read-database.js';

/** The histories of the simulator; `none` is an empty one. */
export const SIMULATOR_HISTORIES = ['growing', 'reached', 'stalled', 'restricted', 'fresh', 'none'] as const;

/** One server in the shape that browsers take; with a username and a credential of its own, or with neither. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username: string | null;
  readonly credential: Secret | null;
}

/** Everything that the operator can set; `readSettings` reads and checks the environment once. Times are in ms. */
export abstract class Settings {
  /** The TCP port; 0 for any free one. */
  abstract readonly port: number;
  /** The address to listen on. */
  abstract readonly host: string;
  /** The address 360dialog and consumers reach the gateway by, without a slash at its end. */
  abstract readonly publicUrl: string;
  abstract readonly database: DatabaseUrl;
  abstract readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Where traces go, without `/v1/traces`; null for no traces. */
  abstract readonly tracesUrl: string | null;
  /** The first API key; null to make one at the first start. */
  abstract readonly apiKey: Secret | null;
  /** Origins of pages that may call the API from a browser. */
  abstract readonly corsOrigins: readonly string[];
  /** `simulator` when no `D360_API_KEY` is set: nothing leaves the machine. */
  abstract readonly mode: 'live' | 'simulator';
  /** The history that the simulator plays; unused in live mode. */
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
  /** Meta's Graph API as a second source; null without it. */
  abstract readonly meta: { readonly accessToken: Secret; readonly wabaId: string } | null;
  abstract readonly compliance: {
    /** How many conversations the requirement asks for in the window. */
    readonly requiredConversations: number;
    readonly windowDays: number;
    readonly pollCron: string;
    readonly reportCron: string;
    readonly timeZone: string;
  };
  /** Where every delivery is forwarded byte for byte; null without forwarding. */
  abstract readonly forward: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | null;
  /** Whether subscriptions may use `http:` and private addresses; for development. */
  abstract readonly eventsAllowPrivateTargets: boolean;
  /** Whether the endpoint of a subscription must confirm it first. */
  abstract readonly eventsChallenge: boolean;
  abstract readonly limits: {
    /** Requests of one key, session or token in a minute. */
    readonly requestsPerMinute: number;
    /** Requests with a wrong key, or none, from one address in a minute. */
    readonly failuresPerMinute: number;
  };
  /** Proxies, as addresses or networks, that are trusted about the address of a client. */
  abstract readonly trustedProxies: readonly string[];
  /** Days that an ended call stays in the call log. */
  abstract readonly retentionDays: number;
  abstract readonly deadlines: {
    /** How long a user may take to answer a permission request. */
    readonly permissionMs: number;
    /** How long a call with permission waits for its offer. */
    readonly readyMs: number;
    /** How long a dial may stay without a webhook about it. */
    readonly dialMs: number;
    /** How long an outbound call may ring. */
    readonly ringMs: number;
    /** How long an inbound call can be answered after Meta announced it. */
    readonly answerMs: number;
    /** How long an accept may stay unconfirmed. */
    readonly acceptMs: number;
    /** The longest call; then the gateway hangs up. */
    readonly talkMs: number;
    /** How long a claim on an inbound call lasts without an accept. */
    readonly claimMs: number;
    /** How long a softphone's lease of a call lasts unless it is renewed. */
    readonly leaseMs: number;
  };
  /** STUN and TURN servers for softphones; none by default. */
  abstract readonly ice: {
    readonly servers: readonly IceServer[];
    /** Shared with the TURN servers that have no credential of their own. */
    readonly turnSecret: Secret | null;
    /** How long a password made with it is valid. */
    readonly turnMs: number;
  };
  /** The rules on permission requests and calls that apply where Meta reports no live limits: those of a test number are laxer. */
  abstract readonly permissionPolicy: 'production' | 'sandbox';
  /** How old a permission in the cache may be before a dial reads it again from 360dialog. */
  abstract readonly permissionMaxAgeMs: number;
  /** How old a reading of the number (settings, health, webhook) may be before it is refreshed. */
  abstract readonly readingMaxAgeMs: number;
  /** How long the server accepts connections after SIGTERM while /health/ready answers `draining`, so that proxies stop sending first. */
  abstract readonly shutdownGraceMs: number;
}

/** All faults of a configuration; each names its variable. */
export class InvalidSettings extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'InvalidSettings';
  }
}
