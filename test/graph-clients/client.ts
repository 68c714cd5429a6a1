import type { Body } from '../recipes/stage.js';

/** What a client made of one webhook. */
export interface Heard {
  /** `connect`, `terminate`, `RINGING`, `ACCEPTED`, `REJECTED`, `call_permission_reply`, or the field for anything else. */
  event: string;
  phoneNumberId: string;
  /** Of a call, or of a message. */
  id: string | null;
  /** The name of the contact. */
  name: string | null;
  opaque: string | null;
  /** The element as the client shows it. */
  element: Body;
}

/** A client has no way to do this, and why; `proof` holds as long as it is true. */
export interface Cannot {
  cannot: string;
  proof: () => boolean;
}

/** Whom to call: exactly one of the two. */
export interface Addressee {
  to?: string;
  recipient?: string;
}

/** A refusal as a client shows it. */
export class ClientRefusal extends Error {
  constructor(
    readonly code: unknown,
    readonly subcode: unknown,
    message: string,
  ) {
    super(message);
  }
}

/** A client for Meta's Graph API with the operations that concern calling. Each answer is what the client returns, each refusal a ClientRefusal. */
export interface GraphClient {
  name: string;
  /** The fields whose webhooks it can read. */
  fields: readonly string[];
  connect(addressee: Addressee, offer: string, opaque?: string): Promise<string>;
  preAccept(callId: string, answer: string): Promise<Body>;
  accept(callId: string, answer: string, opaque?: string): Promise<Body>;
  reject(callId: string): Promise<Body>;
  terminate(callId: string): Promise<Body>;
  /** @returns the id of the message */
  ask(to: string): Promise<string>;
  askByTemplate(to: string): Promise<string>;
  /** A message that has nothing to do with calls. */
  sendLocation(to: string): Promise<string>;
  permission: Cannot | ((waId: string) => Promise<Body>);
  settings: Cannot | (() => Promise<Body>);
  changeSettings: Cannot | ((calling: Body) => Promise<Body>);
  number: Cannot;
  history: Cannot;
  capture: Cannot;
  /** Answers `GET ?hub.mode=…` of a subscription. */
  handshake: Cannot | ((query: Record<string, string>) => string);
  readsSettingsWebhooks: Cannot | true;
  /** Verifies and reads a webhook as it came. @throws Error when the signature is not right */
  receive(rawBody: string, signature: string): Promise<Heard>;
}

export const isCannot = (way: unknown): way is Cannot => typeof way === 'object' && way !== null && 'cannot' in way;

export type GraphClientClass = (
  target: { baseUrl: string; token: string; phoneNumberId: string },
  verifyToken: string,
  secret: string,
) => GraphClient;
