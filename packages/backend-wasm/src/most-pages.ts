/**
 * Pages: all that 32-bit addresses reach. In a file of its own, so that the code for threads, which is loaded on demand, shares
 * no more than the assembler with a program that starts without it.
 */
export const MOST_PAGES = 65536;
