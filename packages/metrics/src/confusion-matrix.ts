import {
  add,
  expandDims,
  matmul,
  multiply,
  oneHot,
  type StreamingMetric,
  type Tensor,
  transpose,
} from "@myelin/tensor";
import { classesOf, readDecisions } from "./decisions.js";
import { defineMetric } from "./define-metric.js";

/**
 * How often each class was taken for each other: entry [i][j] counts (by weight) rows of class i for which class j was decided;
 * right decisions lie on the diagonal. Decisions and targets as in `accuracy`; one output makes a 2 x 2 table of no and yes.
 * Decisions on NaN are in no column.
 */
export const confusionMatrix: StreamingMetric = defineMetric({
  kind: "confusionMatrix",
  state: (predictions) => ({ counts: [classesOf(predictions), classesOf(predictions)] }),
  update: ({ counts }, input) => {
    const { classes, truth, decided, weights } = readDecisions("confusionMatrix", input);
    const rows = multiply(oneHot(truth, classes), expandDims(weights, -1));
    return { counts: add(counts as Tensor, matmul(transpose(rows), oneHot(decided, classes))) };
  },
  result: ({ counts }) => {
    const flat = Array.from(counts as ArrayLike<number>);
    const classes = Math.sqrt(flat.length);
    return Array.from({ length: classes }, (_, row) => flat.slice(row * classes, (row + 1) * classes));
  },
});
