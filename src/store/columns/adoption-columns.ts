/** What a row of `adoptions` holds of a channel whose number is being adopted. */
export interface AdoptionColumns {
  /** `making`: a key is being made, and what came of it is unknown until it is kept. `made`: the key is kept, its number is not yet. */
  state: 'making' | 'made';
  /** The attempt that has its turn, and the end of that. */
  holder: string;
  held_until: number;
  begun_at: number;
  client_id: string | null;
  /** Sealed with SECRETS_KEY by the id of the channel; null until the key is there. */
  sealed_api_key: string | null;
  /** JSON: how its webhook is to be registered. */
  request: string;
  /** Why the latest attempt did not keep the number, an error code; null when none has failed. */
  fault: string | null;
}
