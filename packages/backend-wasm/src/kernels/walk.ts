import { brIf, type FunctionBuilder, i32, type Local, loop, type Statements } from "../assembler/index.js";

/** One loop of a nest over two pointers: how often, and how many bytes each pointer moves per round. */
export interface Stride {
  readonly extent: number;
  readonly a: number;
  readonly b: number;
}

/** Two addresses that walk together. */
export interface Pointers {
  readonly a: Local<"i32">;
  readonly b: Local<"i32">;
}

/**
 * Runs `body` at every position of a loop nest (outermost loop first), moving both pointers. Pointer `b` also counts the
 * rounds, which saves a counter, so it must move in every loop.
 */
export function walk(
  builder: FunctionBuilder,
  { a, b }: Pointers,
  loops: readonly Stride[],
  body: Statements,
): Statements {
  const [outer, ...inner] = loops.filter(({ extent }) => extent !== 1);
  if (!outer) return body;
  const [next] = inner;
  // What the loops inside have already moved.
  const [movedA, movedB] = next ? [next.extent * next.a, next.extent * next.b] : [0, 0];
  const end = builder.local("i32");
  return [
    end.set(i32.add(b, i32.const(outer.extent * outer.b))),
    loop((again) => [
      walk(builder, { a, b }, inner, body),
      move(a, outer.a - movedA),
      move(b, outer.b - movedB),
      brIf(again, i32.ne(b, end)),
    ]),
  ];
}

/** Moves a pointer by a constant number of bytes. */
export function move(pointer: Local<"i32">, bytes: number): Statements {
  return bytes === 0 ? [] : pointer.set(i32.add(pointer, i32.const(bytes)));
}

/** How far the lowest of `count` places lies below the first. */
export function reach(count: number, stride: number): number {
  return Math.min(0, (count - 1) * stride);
}
