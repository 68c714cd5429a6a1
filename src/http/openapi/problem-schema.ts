import { allEntries } from '#error-catalogue/lookup.js';

const text = (description: string) => ({ type: 'string', description });

/** The shape of every refusal, for the description of the API. */
export const problemSchema = {
  type: 'object',
  description: 'A refusal (RFC 9457). Some codes add a member of their own.',
  required: ['type', 'title', 'status', 'detail', 'code', 'remedy', 'retryable', 'retry_at', 'upstream', 'errors'],
  properties: {
    type: { ...text('Where the error catalogue explains this code.'), format: 'uri' },
    title: text('A short sentence, in English or Spanish after Accept-Language.'),
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: text('What happened and why.'),
    code: {
      ...text('A stable snake_case word from the error catalogue; later releases may add some.'),
      'x-extensible-enum': allEntries().map(({ code }) => code),
    },
    remedy: text('What the owner or the caller should do next.'),
    retryable: { type: 'boolean', description: 'Whether the same request can succeed later without any change.' },
    retry_at: { ...text('When asking again can succeed; null when unknown.'), format: 'date-time', type: ['string', 'null'] },
    upstream: {
      type: ['object', 'null'],
      description: 'What 360dialog or Meta said, exactly as it came; null when they were not asked.',
      required: ['status', 'code', 'message', 'details', 'fbtrace_id'],
      properties: {
        status: { type: 'integer', description: 'The HTTP status of their answer.' },
        code: { type: ['integer', 'null'] },
        message: { type: ['string', 'null'] },
        details: { type: ['string', 'null'] },
        fbtrace_id: { type: ['string', 'null'] },
      },
    },
    errors: {
      type: 'array',
      description: 'The fields at fault; empty when none is.',
      items: { type: 'object', required: ['field', 'message'], properties: { field: text('Its path.'), message: text('What is wrong.') } },
    },
    phone_number_id: text('With `number_exists`: Meta’s id of that number.'),
    registered_url: text('With `webhook_occupied`: the address that is registered, the values of its query redacted.'),
    call: {
      anyOf: [{ $ref: '#/components/schemas/Call' }, { type: 'null' }],
      description: 'With `call_in_progress` and `user_is_active`: the call in the way; null when it is not known yet.',
    },
  },
};
