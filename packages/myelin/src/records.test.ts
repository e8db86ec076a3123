import { expect, it } from "vitest";
import {
  adam,
  crossEntropy,
  dense,
  fromBytes,
  Model,
  numberColumns,
  readTable,
  sequential,
  split,
  textColumn,
  toBytes,
} from "./index.js";

const inputs = [
  { length: 5.1, width: 3.5 },
  { length: 7.0, width: 3.2 },
  { length: 4.9, width: 3.0 },
  { length: 6.4, width: 3.2 },
];
const targets = ["setosa", "versicolor", "setosa", "versicolor"];

it("learns from records, keeps their names in the file, and answers records in any order", () => {
  const model = new Model(sequential([2], dense(2)), { seed: 2 });
  const options = {
    loss: crossEntropy({ fromLogits: true }),
    optimizer: adam({ learningRate: 0.1 }),
    epochs: 200,
  };
  model.fitSync({ inputs, targets }, options);
  expect(model.features).toEqual(["length", "width"]);

  const same = fromBytes(toBytes(model));
  expect(same.features).toEqual(["length", "width"]);
  expect(
    same.classify([
      { width: 3.4, length: 5 },
      { length: 6.9, width: 3.1 },
    ]),
  ).toEqual(["setosa", "versicolor"]);
  expect(same.predict({ width: 3.5, length: 5.1 })).toEqual(same.predict([5.1, 3.5]));
  expect(same.predict({ width: [3.5, 3.2], length: [5.1, 7.0] })).toEqual(
    same.predict([
      [5.1, 3.5],
      [7.0, 3.2],
    ]),
  );
  expect(() => same.predict({ length: 1 })).toThrow(`expected a number "width" in row 0`);
});

it("learns from the columns of a table that was split", () => {
  const table = readTable(
    "length,width,kind\n5.1,3.5,setosa\n7,3.2,versicolor\n4.9,3,setosa\n6.4,3.2,versicolor\n5,3.6,setosa\n6.9,3.1,versicolor\n",
  );
  const flowers = { inputs: numberColumns(table, ["length", "width"]), targets: textColumn(table, "kind") };
  const { train, test } = split(flowers, { test: 2 / 6, stratify: true });
  const model = new Model(sequential([2], dense(2)), { seed: 2 });
  const optimizer = adam({ learningRate: 0.1 });
  model.fitSync(train, { loss: crossEntropy({ fromLogits: true }), optimizer, epochs: 200 });
  expect(model.features).toEqual(["length", "width"]);
  expect(model.classify(test.inputs)).toEqual(test.targets);
});
