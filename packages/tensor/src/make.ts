import { obtain } from "./obtain.js";
import { idle, infer, type OpAttributes, type OpName, unmergeable } from "./ops.js";
import { currentOrigin } from "./origin.js";
import { sameShape } from "./shape.js";
import { Tensor } from "./tensor.js";
import { wantTensor } from "./want.js";

/**
 * The one place where tensors come into being. Equal expressions are one object (hash-consing), so that gradients share
 * what the forward pass computed and a pass compares nodes by identity. The table holds its members weakly: an expression
 * that nobody keeps is collected like any other object.
 */
const interned = new Map<string, WeakRef<Tensor>>();
const forgotten = new FinalizationRegistry<string>((key) => {
  if (!interned.get(key)?.deref()) interned.delete(key);
});

/**
 * Makes the tensor `op(inputs, attributes)`, or returns the one that exists. Throws when an input is no tensor or the shape
 * rule of `op` does, in the name of the public `operation`. A movement that moves nothing is its operand.
 */
export function make<Name extends OpName>(
  op: Name,
  inputs: readonly Tensor[],
  attributes: OpAttributes[Name],
  operation: string = op,
): Tensor {
  wantTensor(operation, ...inputs);
  const key = unmergeable.includes(op) ? `only ${nextNumber++}` : keyOf(op, inputs, attributes);
  let made = interned.get(key)?.deref();
  if (!made) {
    const { shape, dtype } = infer(op, inputs, attributes, operation);
    const operand = inputs[0];
    if (idle.includes(op) && operand?.dtype === dtype && sameShape(operand.shape, shape)) return operand;
    made = new Tensor(op, inputs, attributes, shape, dtype);
    interned.set(key, new WeakRef(made));
    forgotten.register(made, key);
  }
  // A merged tensor keeps the origins of all the places that wrote it.
  const origin = currentOrigin();
  if (origin) made.origins.add(origin);
  return made;
}

function keyOf(op: OpName, inputs: readonly Tensor[], attributes: object): string {
  return `${op},${inputs.map(numberOf)}|${keyOfAttribute(attributes)}`;
}

function keyOfAttribute(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return `#${numberOf(value)}`;
  if (typeof value !== "object") return String(value);
  if (!ArrayBuffer.isView(value)) return `(${Object.values(value as object).map(keyOfAttribute)})`;
  // Scalars merge by value; an array is equal only to itself.
  const data = value as Float64Array;
  return data.length === 1 ? keyOfAttribute(data[0]) : `#${numberOf(data)}`;
}

/** Numbers objects by identity. Not by a field of theirs: another copy of this package would count anew. */
const numbers = new WeakMap<object, number>();
let nextNumber = 0;

function numberOf(object: object): number {
  return obtain(numbers, object, () => nextNumber++);
}
