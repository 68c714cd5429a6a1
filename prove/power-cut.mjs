export const proofs = [];
