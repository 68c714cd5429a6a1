import type { CallFact } from './fact.js';
import { readDelivery } from './webhook-reader.js';

const metadata = { phone_number_id: '300000000000001', display_phone_number: '5215500000001' };
const delivery = (field: string, value: unknown, entry: object = {}) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '200000000000001', ...entry, changes: [{ field, value }] }],
});
/** Long after every time in these deliveries. */
const RECEIVED = Date.UTC(2030, 0, 1);
const readBytes = (body: Uint8Array, receivedAt = RECEIVED) => readDelivery({ body, receivedAt });
const read = (body: unknown, receivedAt = RECEIVED) => readBytes(Buffer.from(JSON.stringify(body)), receivedAt);
const ofCalls = (value: object) => read(delivery('calls', { metadata, ...value })).elements;
const callIn = (value: object) => ofCalls(value)[0]?.fact as CallFact | undefined;
const terminate = { id: 'wacid.1', event: 'terminate', timestamp: '1797400000', direction: 'USER_INITIATED' };

/** Reads deliveries that a test makes. */
export const webhookReading = { metadata, delivery, readBytes, read, ofCalls, callIn, terminate, RECEIVED };
