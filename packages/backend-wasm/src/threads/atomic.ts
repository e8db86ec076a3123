/**
 * Atomic access to 32-bit cells, and waking who waits for one, in the words of the opcode table; all need a shared memory to be
 * useful, so these rows come with the code for threads. Their prefix is 0xfe.
 */
export const atomicOpcodes = ["2i:i 00 notify", "2:i 10 load", "2i:i 1e add"] as const;
