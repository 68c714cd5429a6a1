/** What the control API refuses: 400 for wrong input, 404 for an unknown thing, 409 for what cannot be now. */
export class ControlError extends Error {
  constructor(
    readonly status: 400 | 404 | 409,
    message: string,
  ) {
    super(message);
    this.name = 'ControlError';
  }
}

export function sure(condition: unknown, message: string): asserts condition {
  if (!condition) throw new ControlError(400, message);
}

export function possible(condition: unknown, message: string): asserts condition {
  if (!condition) throw new ControlError(409, message);
}
