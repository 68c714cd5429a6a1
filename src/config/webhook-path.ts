/** The path at which 360dialog delivers webhooks, below `PUBLIC_URL`. */
export const WEBHOOK_PATH = '/api/webhooks/360dialog';
