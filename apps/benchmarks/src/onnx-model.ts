/** Just enough of ONNX's protocol buffers to write a chain of layers, or one product of matrices. */

export interface OnnxNode {
  readonly op: "Gemm" | "MatMul" | "Relu" | "Softmax";
  readonly inputs: readonly string[];
  readonly output: string;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>
  >;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

const FLOAT = 1;

/** The bytes of a model file, opset 13. Numbers in comments are those of the fields in onnx.proto. */
export function onnxBytes({ nodes, initializers, inputs, outputs }: OnnxModel): Uint8Array {
  const graph = message([
    ...nodes.map((node) => field(1, nodeBytes(node))),
    field(2, "graph"),
    ...Object.entries(initializers).map(([name, { shape, data }]) =>
      field(5, tensorBytes(name, shape, data)),
    ),
    ...Object.entries(inputs).map(([name, shape]) => field(11, valueBytes(name, shape))),
    ...Object.entries(outputs).map(([name, shape]) => field(12, valueBytes(name, shape))),
  ]);
  // ir_version, graph, opset_import.
  return message([field(1, 8), field(7, graph), field(8, message([field(1, ""), field(2, 13)]))]);
}

/** input, output, op_type. */
function nodeBytes({ op, inputs, output }: OnnxNode): Uint8Array {
  return message([...inputs.map((input) => field(1, input)), field(2, output), field(4, op)]);
}

/** dims, data_type, name, raw_data. */
function tensorBytes(name: string, shape: readonly number[], data: Float32Array): Uint8Array {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message([
    ...shape.map((extent) => field(1, extent)),
    field(2, FLOAT),
    field(8, name),
    field(9, raw),
  ]);
}

/** name, type { tensor_type { elem_type, shape { dim { dim_value } } } }. */
function valueBytes(name: string, shape: readonly number[]): Uint8Array {
  const dimensions = message(shape.map((extent) => field(1, message([field(1, extent)]))));
  return message([
    field(1, name),
    field(2, message([field(1, message([field(1, FLOAT), field(2, dimensions)]))])),
  ]);
}

/** A number is a varint, everything else has its length in front. */
function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === "number") return message([varint(number << 3), varint(value)]);
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return message([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

function message(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let used = 0;
  for (const part of parts) {
    whole.set(part, used);
    used += part.length;
  }
  return whole;
}
