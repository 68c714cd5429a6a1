import type { SimulatorContext } from '#simulator/play/context.js';
import type { SimulatedUser } from '#simulator/world/user.js';

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

/** The user with this handle, phone number or BSUID, made when new. @throws ControlError 404 when it can be none */
export function simulatedUserOf({ users }: SimulatorContext, id: string): SimulatedUser {
  const user = users.meet(id);
  if (!user) throw new ControlError(404, `no user ${id}: give the handle of a simulated user, a phone number or a BSUID`);
  return user;
}

/** @throws ControlError 400 unless the condition holds */
export function sure(condition: unknown, message: string): asserts condition {
  if (!condition) throw new ControlError(400, message);
}

/** @throws ControlError 409 unless the condition holds */
export function possible(condition: unknown, message: string): asserts condition {
  if (!condition) throw new ControlError(409, message);
}
