/**
 * Why a file was refused.
 * - "truncated": bytes are missing at the end.
 * - "corrupt": the contents contradict themselves or the format, by accident or on purpose.
 * - "foreign": a sound safetensors file, but no model of Myelin.
 * - "newer": written by a later version, in a format or with layers that this version does not know.
 * - "unknown": it has layers or activations that nobody passed; pass them to `fromBytes`.
 * - "mismatch": the tensors are not the parameters of the network that the file describes.
 */
export type ModelFileProblem = "truncated" | "corrupt" | "foreign" | "newer" | "unknown" | "mismatch";

/** A file that cannot be loaded. Nothing was loaded: there is no half of a model. */
export class ModelFileError extends Error {
  override readonly name = "ModelFileError";
  readonly problem: ModelFileProblem;

  constructor(problem: ModelFileProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
