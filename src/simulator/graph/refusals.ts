import { MetaRefusal, SimulatedRefusal } from '#simulator/meta/refusals.js';

/** Graph's refusal of a token that is none, or missing. @see support/error-codes (2025-12-12): 190 comes with 401 */
export const tokenRefusal = (token: string | undefined): SimulatedRefusal =>
  graphRefusal(
    401,
    190,
    token === undefined
      ? 'An access token is required to request this resource.'
      : 'Invalid OAuth access token - Cannot parse access token',
  );

/** Graph's refusal of an id that does not exist, or that the token does not reach: 100 with the subcode 33. */
export const objectRefusal = (method: string, id: string): SimulatedRefusal =>
  new SimulatedRefusal(400, {
    error: {
      message:
        `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does ` +
        'not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api',
      type: 'GraphMethodException',
      code: 100,
      error_subcode: 33,
    },
  });

/** Graph's refusal of a field or an edge that a number has not. */
export const fieldRefusal = (name: string): SimulatedRefusal =>
  graphRefusal(400, 100, `(#100) Tried accessing nonexisting field (${name}) on node type (WhatsAppBusinessPhoneNumber)`);

/** Graph's refusal of a path that leads to nothing. */
export const pathRefusal = (path: string): SimulatedRefusal => graphRefusal(400, 2500, `Unknown path components: ${path}`);

/** Graph's refusal of a callback that did not answer the handshake. */
export const callbackRefusal = (why: string): SimulatedRefusal =>
  graphRefusal(400, 2200, `(#2200) Callback verification failed with the following errors: ${why}`);

/** A parameter that is not as it must be. */
export const parameterRefusal = (details: string): SimulatedRefusal => new MetaRefusal(100, details);

const graphRefusal = (status: number, code: number, message: string): SimulatedRefusal =>
  new SimulatedRefusal(status, { error: { message, type: 'OAuthException', code } });
