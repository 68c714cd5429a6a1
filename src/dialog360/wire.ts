import type { JsonRecord } from '#kernel/read.js';
import type { Session } from './fact.js';

/** The user a request is for: by number, or by business-scoped user id when the number is hidden. */
export type Addressee = { waId: string } | { userId: string };

/** Exactly one of both is sent: with `to` present Meta ignores `recipient`. */
export type WireAddress = { to: string } | { recipient: string };

/**
 * The body of `POST /calling/calls`, its `messaging_product` left out.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/reference (2026-09)
 */
export type CallAction =
  | (WireAddress & { action: 'connect'; session: Session; biz_opaque_callback_data: string })
  | { action: 'pre_accept'; call_id: string; session: Session }
  | { action: 'accept'; call_id: string; session: Session; biz_opaque_callback_data: string }
  | { action: 'reject' | 'terminate'; call_id: string };

/** Meta's own template object; its parts are the caller's and pass untouched. */
export interface TemplateObject {
  name: string;
  language: { code: string };
  components?: JsonRecord[];
}

/** `biz_opaque_callback_data` holds at most this many characters. */
export const MAX_OPAQUE = 512;

export const wireAddress = (to: Addressee): WireAddress => ('waId' in to ? { to: to.waId } : { recipient: to.userId });

/** A permission request: the template when one is given, else free-form with or without words of ours. */
export function permissionRequest(to: Addressee, { body, template }: { body?: string; template?: TemplateObject }) {
  const head = { messaging_product: 'whatsapp', recipient_type: 'individual', ...wireAddress(to) } as const;
  if (template) return { ...head, type: 'template', template };
  const action = { name: 'call_permission_request' } as const;
  return {
    ...head,
    type: 'interactive',
    interactive: { type: 'call_permission_request', action, ...(body ? { body: { text: body } } : {}) },
  };
}

/** How an addressee is shown: as what, never as whom. */
export const kindOf = (to: Addressee): string => ('waId' in to ? 'phone' : 'bsuid');

/** A call action without its addressee and its SDP. */
export function shownOf(body: CallAction): object {
  const shown: JsonRecord = { ...body };
  delete shown.to;
  delete shown.recipient;
  if (body.action === 'connect') shown.addressee = 'to' in body ? 'phone' : 'bsuid';
  if ('session' in body) shown.session = { sdp_type: body.session.sdp_type, sdp_length: body.session.sdp.length };
  return shown;
}
