/** Budget: the same network with the portable interpreter only, for places that refuse WebAssembly. */
import { sigmoid, tanh } from "@myelin/activations";
import { interpreter } from "@myelin/compiler";
import { dense, sequential } from "@myelin/layers";
import { binaryCrossEntropy } from "@myelin/losses";
import { sgd } from "@myelin/optimizer";
import { Model } from "@myelin/training";

const model = new Model(sequential([2], dense(8, { activation: tanh }), dense(1, { activation: sigmoid })), {
  seed: 1,
  backend: interpreter,
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
