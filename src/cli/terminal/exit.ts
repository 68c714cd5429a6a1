/** Exit codes; those from 64 on are the ones of sysexits.h. */
export const EXIT = {
  ok: 0,
  /** Something blocks, or a request was refused. */
  refused: 1,
  /** Nothing blocks for certain, but something decisive is not known. */
  unknown: 2,
  /** `explain` does not know what was pasted. */
  notFound: 3,
  usage: 64,
  /** Neither the gateway nor 360dialog could be reached. */
  unreachable: 69,
  bug: 70,
  /** The gateway refuses the key of the command. */
  noPermission: 77,
  /** The configuration has faults: the gateway does not start with it. */
  misconfigured: 78,
  interrupted: 130,
} as const;
