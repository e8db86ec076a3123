import { cast, input, type Loss, sizeOf } from "@myelin/tensor";
import { wantCount } from "./arguments.js";
import { chunk, rowsPerRun } from "./chunks.js";
import { dtypeOf } from "./prepare.js";
import type { Rows } from "./rows.js";
import type { Session } from "./session.js";

/** The network's output for every row, flat; through the link of `loss` if one is given. */
export function predictRows(session: Session, rows: Rows, batchSize?: number, loss?: Loss): Float32Array {
  const { inputShape, outputShape } = session.network;
  const perRun = batchSize ?? rowsPerRun(rows.count);
  wantCount("predict", "batchSize", perRun);
  const program = session.predictor([perRun, dtypeOf(rows.data)].join(), loss, () => {
    const inputs = input("inputs", [perRun, ...inputShape], dtypeOf(rows.data));
    const output = session.infer(cast(inputs, "f32"));
    return {
      name: `prediction, ${perRun} rows`,
      outputs: { predictions: loss === undefined ? output : loss.link(output) },
      assignments: [],
    };
  });
  const width = sizeOf(outputShape);
  const result = new Float32Array(rows.count * width);
  for (let start = 0; start < rows.count; start += perRun) {
    program.write("inputs", chunk(rows.data, sizeOf(inputShape), start, perRun));
    program.run();
    const valid = Math.min(perRun, rows.count - start);
    result.set((program.read("predictions") as Float32Array).subarray(0, valid * width), start * width);
  }
  return result;
}
