export type { DataSet, MetricValue, Numbers, NumericArray, Scores, ShapedNumbers } from "./data-forms.js";
export { type EarlyStoppingOptions, earlyStopping } from "./early-stopping.js";
export { explain, type StepOptions, trainingStepOf } from "./explain.js";
export type { BatchStream, FitOptions } from "./fit-options.js";
export { type EvaluateOptions, Model, type ModelOptions, type PredictOptions } from "./model.js";
export type { Monitoring } from "./monitor.js";
export { type Perceptron, type PerceptronData, type PerceptronOptions, perceptron } from "./perceptron.js";
export type { AnyRecord, Records, RowRecord } from "./records.js";
export { type ReduceOnPlateauOptions, reduceOnPlateau } from "./reduce-on-plateau.js";
export type {
  Callback,
  EpochEvent,
  RunControl,
  RunHooks,
  RunResult,
  RunStatus,
  StepEvent,
} from "./run-control.js";
export type { TrainingRun } from "./training-run.js";
export type { FitsNetwork, Prediction } from "./typed-data.js";
