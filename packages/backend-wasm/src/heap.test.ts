import { expect, test } from "vitest";
import { openHeap } from "./heap.js";

test("ranges are aligned, have spare bytes, lie behind the first page, and do not meet", () => {
  const heap = openHeap(false);
  const sizes = [1, 64, 100, 70_000, 4];
  const addresses = sizes.map((size) => heap.allocate(size));
  expect(addresses[0]).toBeGreaterThanOrEqual(65536);
  addresses.forEach((address, i) => {
    expect(address % 64).toBe(0);
    const end = address + (sizes[i] as number) + 64;
    expect(end).toBeLessThanOrEqual(addresses[i + 1] ?? heap.memory.buffer.byteLength);
  });
});

test("released ranges are used again, joined with their neighbours, and zero", () => {
  const heap = openHeap(false);
  const [a, b, c] = [heap.allocate(1000), heap.allocate(1000), heap.allocate(1000)] as [
    number,
    number,
    number,
  ];
  heap.allocate(1000);
  const size = heap.memory.buffer.byteLength;
  new Uint8Array(heap.memory.buffer, a, 3000).fill(7);
  heap.release(a);
  heap.release(c);
  heap.release(b);
  const joined = heap.allocate(3000);
  expect(joined).toBe(a);
  expect(new Uint8Array(heap.memory.buffer, joined, 3000).every((byte) => byte === 0)).toBe(true);
  expect(heap.memory.buffer.byteLength).toBe(size);
});

test("memory grows by what is missing", () => {
  const heap = openHeap(false);
  heap.allocate(60_000);
  heap.allocate(60_000);
  heap.allocate(1_000_000);
  expect(heap.memory.buffer.byteLength).toBeLessThan(65536 + 1_120_192 + 65536);
});
