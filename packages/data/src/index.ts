export { type Batches, type BatchesOptions, batches } from "./batches.js";
export { completeRows } from "./complete-rows.js";
export { type CsvOptions, parseCsv } from "./csv.js";
export { DataFormatError } from "./data-format-error.js";
export { readIdx } from "./idx.js";
export { fitImputer, type ImputerOptions, imputer } from "./imputer.js";
export { joinFeatures } from "./join-features.js";
export {
  fitLabelEncoder,
  type LabelEncoder,
  type LabelEncoderOptions,
  labelEncoder,
} from "./label-encoder.js";
export { fitMinMaxScaler, type MinMaxScalerOptions, minMaxScaler } from "./min-max-scaler.js";
export {
  type Category,
  fitOneHotEncoder,
  type OneHotEncoder,
  type OneHotEncoderOptions,
  oneHotEncoder,
} from "./one-hot-encoder.js";
export { type Columns, type RowArray, type Rows, takeRows } from "./rows.js";
export { type Samples, takeSamples } from "./samples.js";
export type { Scaler } from "./scale-columns.js";
export { type Split, type SplitOptions, split } from "./split.js";
export { fitStandardScaler, type StandardScalerOptions, standardScaler } from "./standard-scaler.js";
export { type BlobsOptions, blobs } from "./synthetic/blobs.js";
export { type CirclesOptions, circles } from "./synthetic/circles.js";
export { type LinearDataOptions, linearData } from "./synthetic/linear-data.js";
export { type SpiralsOptions, spirals } from "./synthetic/spirals.js";
export type { ClassifiedPoints, Points, SyntheticOptions } from "./synthetic/synthetic-samples.js";
export { twoMoons } from "./synthetic/two-moons.js";
export { xor } from "./synthetic/xor.js";
export { type Column, column, readTable, type Table, type TableOptions } from "./table.js";
export type { Transform } from "./transform.js";
export { numberColumn, numberColumns, textColumn } from "./typed-columns.js";
