import { expect, test } from "vitest";
import { onnxBytes } from "./onnx-model.js";

test("a model as protocol buffers", () => {
  const bytes = onnxBytes({
    nodes: [{ op: "Relu", inputs: ["x"], output: "y" }],
    initializers: {},
    inputs: { x: [300] },
    outputs: { y: [300] },
  });
  // ir_version 8; a graph of 62 bytes; opset 13 of the default domain.
  expect([...bytes.subarray(0, 4)]).toEqual([0x08, 8, 0x3a, bytes.length - 10]);
  expect([...bytes.subarray(-6)]).toEqual([0x42, 4, 0x0a, 0, 0x10, 13]);
  const text = new TextDecoder("latin1").decode(bytes);
  expect(text).toContain("Relu");
  // 300 = 0b10_0101100: two bytes of seven bits.
  expect(text).toContain("\x08\u00ac\x02");
});
