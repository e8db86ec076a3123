/** Budget: the smallest useful program, XOR trained with the facade (WebAssembly included). */
import { binaryCrossEntropy, dense, Model, sequential, sgd, sigmoid, tanh } from "myelin";

const model = new Model(sequential([2], dense(8, { activation: tanh }), dense(1, { activation: sigmoid })), {
  seed: 1,
});
const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const run = model.fit(
  { inputs, targets: [0, 1, 1, 0] },
  { loss: binaryCrossEntropy(), optimizer: sgd({ learningRate: 0.5 }), epochs: 2000, batchSize: 4 },
);
run.then(() => globalThis.postMessage(model.predict(inputs)));
