export {
  decodeSafetensors,
  type Safetensors,
  type StoredTensor,
  tensorValues,
} from "./decode-safetensors.js";
export type { ElementTypeName, TensorValues } from "./element-types.js";
export { encodeSafetensors, type TensorToStore } from "./encode-safetensors.js";
export { fromBytes, type LoadedModel, type ModelNamespaces } from "./from-bytes.js";
export { ModelFileError, type ModelFileProblem } from "./model-file-error.js";
export { type ToBytesOptions, toBytes } from "./to-bytes.js";
