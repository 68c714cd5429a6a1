export type { components, operations, paths } from './api.ts';
export { type ErrorCode, EventsMissedError, GatewayError, type Problem } from './errors.ts';
export type { EventOf, EventStream, EventsOptions, EventType, GatewayEvent } from './events.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export type { Operations, Schemas } from './operations.ts';
