import type { TypedArray } from "@myelin/compiler";
import { cast, input, type Loss, multiply, sizeOf, sum, wantCount, wantTensor } from "@myelin/tensor";
import { chunk, rowsPerRun } from "./chunks.js";
import { kept } from "./kept.js";
import { dtypeOf } from "./prepare.js";
import { type Rows, wantFinite } from "./rows.js";
import { compileStep, infer, type Session } from "./session.js";

/** The network's output for every row, flat; through the link of a loss if one is given. */
export function predictRows(
  session: Session,
  { data, count, unchecked }: Rows,
  batchSize: number = rowsPerRun(session, count),
  loss?: Loss,
): Float32Array {
  wantCount("predict", "batchSize", batchSize);
  const { inputShape, outputShape } = session.network;
  const dtype = dtypeOf(data);
  // A loss that is made anew for every call has the link of the one before; one of a prototype may read what the loss holds.
  const link = loss && Object.hasOwn(loss, "link") ? loss.link : loss;
  const name = `prediction, ${batchSize} rows`;
  const make = () => {
    const inputs = cast(input("inputs", [batchSize, ...inputShape], dtype), "f32");
    const output = infer(session, inputs);
    const predictions = loss ? loss.link(output) : output;
    wantTensor(`${loss?.name}.link`, predictions);
    // Zero, unless a number is not finite: vectors find that out ten times as fast as JavaScript.
    const zero = unchecked && sum(multiply(inputs, 0));
    return compileStep(session, { name, outputs: { predictions, ...(zero && { zero }) }, assignments: [] });
  };
  // Predictions and probabilities by turns, bytes and numbers, rows that are checked and others need no new program each.
  const program = kept(session, name, [name, dtype, link, !unchecked], make, 4);
  const outputs = (inputs: TypedArray): Float32Array => {
    program.write("inputs", inputs);
    program.run();
    if (unchecked && program.read("zero")[0] !== 0) wantFinite(data, sizeOf(inputShape), unchecked);
    return program.read("predictions") as Float32Array;
  };
  if (count === batchSize) return outputs(data);
  const width = sizeOf(outputShape);
  const result = new Float32Array(count * width);
  for (let start = 0; start < count; start += batchSize) {
    const some = outputs(chunk(data, sizeOf(inputShape), start, batchSize));
    // A subarray ends with its array at the latest.
    result.set(some.subarray(0, (count - start) * width), start * width);
  }
  return result;
}
