import { infer, type OpAttributes, type OpName, unmergeable } from "./ops.js";
import { currentOrigin } from "./origin.js";
import { Tensor } from "./tensor.js";

/**
 * The one place where tensors come into being. Equal expressions are one object (hash-consing), so that gradients share
 * what the forward pass computed and a pass compares nodes by identity. The table holds its members weakly: an expression
 * that nobody keeps is collected like any other object.
 */
const interned = new Map<string, WeakRef<Tensor>>();
const forgotten = new FinalizationRegistry<string>((key) => {
  if (interned.get(key)?.deref() === undefined) interned.delete(key);
});

/** Makes the tensor `op(inputs, attributes)`, or returns the one that exists. Throws when the shape rule of `op` does. */
export function make<Name extends OpName>(
  op: Name,
  inputs: readonly Tensor[],
  attributes: OpAttributes[Name],
): Tensor {
  if (unmergeable.has(op)) return create(op, inputs, attributes);
  const key = keyOf(op, inputs, attributes);
  const known = interned.get(key)?.deref();
  if (known !== undefined) {
    remember(known);
    return known;
  }
  const made = create(op, inputs, attributes);
  interned.set(key, new WeakRef(made));
  forgotten.register(made, key);
  return made;
}

function create<Name extends OpName>(
  op: Name,
  inputs: readonly Tensor[],
  attributes: OpAttributes[Name],
): Tensor {
  const { shape, dtype } = infer[op](inputs, attributes, op);
  const made = new Tensor(op, inputs, attributes, shape, dtype);
  remember(made);
  return made;
}

/** A merged tensor keeps the origins of all the places that wrote it. */
function remember(tensor: Tensor): void {
  const origin = currentOrigin();
  if (origin !== "") tensor.origins.add(origin);
}

function keyOf<Name extends OpName>(
  op: Name,
  inputs: readonly Tensor[],
  attributes: OpAttributes[Name],
): string {
  let key: string = op;
  for (const input of inputs) key += `,${numberOf(input)}`;
  for (const value of Object.values(attributes)) key += `|${keyOfAttribute(value)}`;
  return key;
}

function keyOfAttribute(value: unknown): string {
  if (ArrayBuffer.isView(value)) return keyOfData(value as Float64Array);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return `(${value.map(keyOfAttribute).join(",")})`;
  if (typeof value === "object" && value !== null)
    return `{${Object.values(value).map(keyOfAttribute).join(",")}}`;
  return String(value);
}

/** Scalars merge by value; an array is equal only to itself. */
function keyOfData(data: Float64Array): string {
  return data.length === 1 ? keyOfAttribute(data[0]) : `#${numberOf(data)}`;
}

/** Numbers objects by identity. Not by a field of theirs: another copy of this package would count anew. */
const numbers = new WeakMap<object, number>();
let nextNumber = 0;

function numberOf(object: object): number {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  numbers.set(object, nextNumber);
  return nextNumber++;
}
