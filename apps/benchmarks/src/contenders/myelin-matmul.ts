import { type Backend, compile } from "@myelin/compiler";
import { matmul as multiply, parameter } from "@myelin/tensor";
import type { Prepared } from "../contender.js";
import { alternating } from "../proofs.js";
import type { MatmulTask } from "../task.js";

/** A program of one contraction, over matrices that lie in its memory already. */
export function matmul({ workload: { size }, a, b }: MatmulTask, backend: Backend): Prepared {
  const left = parameter("a", [size, size]);
  const right = parameter("b", [size, size]);
  const device = backend.open();
  device.write(left, a);
  device.write(right, b);
  const program = device.compile(
    compile({ name: "matmul", outputs: { product: multiply(left, right) }, assignments: [] }),
  );
  return {
    step: (count) => program.run(count),
    proof: () => alternating(program.read("product")),
  };
}
