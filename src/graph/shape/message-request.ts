import { contentOf, type RequestContent } from '#calling/outbound/request-content.js';
import { type FieldError, Problem } from '#kernel/problem.js';
import { type JsonRecord, record, text } from '#kernel/read.js';
import { fieldError, refuseFaults } from './field-errors.js';
import { type NamedUser, readNamedUser } from './named-user.js';

/** The longest body of an interactive message, in characters. */
const BODY_LIMIT = 1_024;

/**
 * A body of `POST /{phone_number_id}/messages` that asks for the permission to call: free-form, or a template.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/user-call-permissions (2026-06-26)
 * @throws Problem `not_a_permission_request` for every other message, `invalid_request` naming each fault
 */
export function readPermissionMessage(body: JsonRecord): NamedUser & { content: RequestContent } {
  const content = contentIn(body);
  if (content === undefined) throw new Problem('not_a_permission_request');
  return { ...readNamedUser(body, ['to', 'recipient']), content };
}

function contentIn(body: JsonRecord): RequestContent | undefined {
  const type = text(body.type)?.toLowerCase();
  const template = record(body.template);
  if (type === 'template') return contentOf({ template: template ?? {} }, '');
  const interactive = record(body.interactive);
  if (type !== 'interactive' || text(interactive?.type)?.toLowerCase() !== 'call_permission_request') return undefined;
  refuseFaults(faultsOf(interactive ?? {}));
  const words = text(record(interactive?.body)?.text);
  return words === undefined ? {} : { body: words };
}

/** A permission request has a body, and nothing else that the person would see. */
function faultsOf({ header, footer, body }: JsonRecord): FieldError[] {
  const faults = Object.entries({ header, footer }).flatMap(([name, value]) =>
    value === undefined || value === null
      ? []
      : [
          fieldError(
            `interactive.${name}`,
            'is not taken by Meta in a permission request',
            'no lo admite Meta en una solicitud de permiso',
          ),
        ],
  );
  const words = body === undefined || body === null ? '' : record(body)?.text;
  if (typeof words !== 'string' || words.length > BODY_LIMIT)
    faults.push(
      fieldError(
        'interactive.body.text',
        `must be a text of at most ${BODY_LIMIT} characters`,
        `debe ser un texto de ${BODY_LIMIT} caracteres como máximo`,
      ),
    );
  return faults;
}
