/**
 * Budget: XOR trained by the interpreter of the language alone, without compiler, backend and `Model`: layers, a loss and an
 * optimizer are functions over tensors, and a training step is an expression that `interpretGraph` evaluates.
 */
import { sigmoid, tanh } from "@myelin/activations";
import { dense, sequential } from "@myelin/layers";
import { binaryCrossEntropy } from "@myelin/losses";
import { sgd } from "@myelin/optimizer";
import {
  filled,
  gradient,
  interpretGraph,
  mapParameterSpecs,
  mean,
  type ParameterTensors,
  parameter,
  parameterSpecEntries,
  streamOf,
  type Tensor,
  tensor,
  treeEntries,
} from "@myelin/tensor";

const network = sequential([2], dense(8, { activation: tanh }), dense(1, { activation: sigmoid }));
const specs = network.parameters(network.inputShape);
const tree = mapParameterSpecs(specs, ({ shape }, path) => parameter(path, shape)) as ParameterTensors;
const leaves = treeEntries<Tensor>(tree as never).map(([, leaf]) => leaf);
const values = new Map<Tensor, ArrayLike<number>>(
  parameterSpecEntries(specs).map(([path, { initializer, shape }], i) => [
    leaves[i] as Tensor,
    initializer.generate(shape, { seed: 1, stream: streamOf(path) }),
  ]),
);

const input = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]); // biome-ignore format: a table
const targets = tensor([[0], [1], [1], [0]]);

const output = network.forward({
  input,
  parameters: tree,
  training: true,
  random: (shape) => filled(shape, 0),
  update: () => {},
  addPenalty: () => {},
});
const loss = mean(binaryCrossEntropy().perRow(output, targets));
const gradients = treeEntries<Tensor>(gradient(loss, tree as never)).map(([, leaf]) => leaf);
const { update } = sgd();
const updated = leaves.map(
  (leaf, i) =>
    update({
      parameters: leaf,
      gradients: gradients[i] as Tensor,
      slots: {},
      scalars: {},
      learningRate: filled([], 0.5),
    }).parameters,
);
for (let step = 0; step < 4000; step++) {
  interpretGraph(updated, { precision: "f32", values }).forEach((next, i) => {
    values.set(leaves[i] as Tensor, next);
  });
}
const [predictions] = interpretGraph([output], { precision: "f32", values });
globalThis.postMessage?.(predictions);
