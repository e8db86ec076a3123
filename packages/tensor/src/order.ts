import type { Tensor } from "./tensor.js";

/**
 * All tensors that the outputs need, inputs before users. Ids would tell the same, but only among tensors of one copy of
 * this package; a program may hold two.
 */
export function inOrder(outputs: readonly Tensor[]): Tensor[] {
  const ordered = new Set<Tensor>();
  // An explicit stack, because deep networks must not overflow the call stack.
  const stack = [...outputs].reverse();
  while (stack.length) {
    const node = stack.at(-1) as Tensor;
    const pending = ordered.has(node) ? [] : node.inputs.filter((input) => !ordered.has(input));
    if (pending.length) stack.push(...pending.reverse());
    else ordered.add(stack.pop() as Tensor);
  }
  return [...ordered];
}
