import { monotonicFactory } from 'ulid';

const next = monotonicFactory();

/** A new id such as `call_01J…`: 48 bits of time, then 80 random bits; ids of one process sort by creation. */
export const newId = (prefix: 'call' | 'usr' | 'key' | 'req' | 'run' | 'snap' | 'rep' | 'sub'): string => `${prefix}_${next()}`;
