export { complementaryErrorFunction } from "./complementary-error-function.js";
export * from "./composite.js";
export { configOf } from "./config-of.js";
export { contractedExtents, spreadOperands } from "./contraction-operands.js";
export type * from "./contracts.js";
export * from "./elementary.js";
export * from "./elementwise.js";
export { ArgumentError, invariant, ShapeError, type ShapeErrorDetails } from "./errors.js";
export { firstNotFinite } from "./first-not-finite.js";
export { gradient } from "./gradient.js";
export { argmax, gather, oneHot, scatterAdd } from "./indexing.js";
export { everyIndex, type InterpretOptions, interpretGraph, type Values } from "./interpret.js";
export { make } from "./make.js";
export { mapRecord } from "./map-record.js";
export { contract, matmul } from "./matmul.js";
export * from "./movement.js";
export { nest } from "./nest.js";
export { obtain } from "./obtain.js";
export {
  type ConstantData,
  type ContractAttributes,
  freeAxes,
  type Node,
  type OpAttributes,
  type OpName,
  type Window,
  type WindowRewrites,
} from "./ops.js";
export { inOrder } from "./order.js";
export { currentOrigin, withOrigin } from "./origin.js";
export { mapParameterSpecs, parameterSpecEntries } from "./parameter-specs.js";
export * from "./random.js";
export { max, mean, min, type ReductionOptions, sum } from "./reduction.js";
export { type Scalars, saturated, scalars } from "./scalars.js";
export {
  broadcastShapes,
  type DType,
  extentsOf,
  formatShape,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
  withUnits,
} from "./shape.js";
export { slidingWindow } from "./sliding-window.js";
export {
  filled,
  input,
  iota,
  type NestedInput,
  ones,
  parameter,
  random,
  tensor,
  tensorOf,
  zeros,
} from "./sources.js";
export { Tensor } from "./tensor.js";
export { isNoRecord, mapTree, type Tree, treeEntries } from "./tree.js";
export * from "./typed-shape.js";
export { contiguous, elementAt, movedView, movements, paddedView, type View } from "./view.js";
export { want, wantCount, wantMembers, wantShape, wantShapes, wantTensor } from "./want.js";
export { type Filled, withDefaults } from "./with-defaults.js";
