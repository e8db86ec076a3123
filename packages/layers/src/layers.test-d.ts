import type { Layer, Network, SameShape, Shape, ShapeMismatch } from "@myelin/tensor";
import { describe, expectTypeOf, it } from "vitest";
import type { Positions, Product, Times } from "./arithmetic-types.js";
import type { Step } from "./chain-types.js";
import {
  activation,
  averagePool2d,
  conv2d,
  defineLayer,
  dense,
  dropout,
  flatten,
  maxPool2d,
  outputShape,
  permute,
  prelu,
  rescaling,
  sequential,
  unflatten,
} from "./index.js";

declare const units: number;
declare const relu: Parameters<typeof activation>[0];
declare const several: Layer[];
declare const unknownShape: Shape;

describe("sequential", () => {
  it("knows the shapes at both ends", () => {
    const network = sequential(
      [784],
      rescaling(1 / 255),
      dense(128, { activation: relu }),
      dropout(0.2),
      dense(10),
    );
    expectTypeOf(network).toEqualTypeOf<Network<readonly [784], readonly [10]>>();
    expectTypeOf(sequential([2])).toEqualTypeOf<Network<readonly [2], readonly [2]>>();
    expectTypeOf(sequential({ inputShape: [2], name: "head" }, dense(1))).toEqualTypeOf<
      Network<readonly [2], readonly [1]>
    >();
  });

  it("follows sixteen layers", () => {
    const network = sequential(
      [32, 32, 3],
      rescaling(1 / 255),
      conv2d(16, 3, { padding: "same", activation: relu }),
      conv2d(16, 3, { activation: relu }),
      maxPool2d(2),
      dropout(0.1),
      conv2d(32, [3, 3], { activation: relu }),
      averagePool2d(),
      dropout(0.1),
      conv2d(8, 1),
      prelu({ sharedAxes: [0, 1] }),
      flatten(),
      dense(64),
      activation(relu),
      dropout(0.5),
      dense(32),
      dense(10),
    );
    expectTypeOf(network.outputShape).toEqualTypeOf<readonly [10]>();
  });

  it("lets numbers that are only known later flow through", () => {
    expectTypeOf(sequential([units], dense(3)).outputShape).toEqualTypeOf<readonly [3]>();
    expectTypeOf(sequential([4], dense(units)).outputShape).toEqualTypeOf<readonly [number]>();
    expectTypeOf(sequential([4], ...several).outputShape).toEqualTypeOf<Shape>();
    const different = [dense(3), dense(2)];
    expectTypeOf(sequential([4], ...different).outputShape).toEqualTypeOf<Shape>();
    expectTypeOf(sequential([4], ...[3, 2].map((width) => dense(width))).outputShape).toEqualTypeOf<Shape>();
    expectTypeOf(sequential(unknownShape, dense(3)).outputShape).toEqualTypeOf<Shape>();
    expectTypeOf(sequential([units, units, 3], conv2d(8, 3), maxPool2d(2)).outputShape).toEqualTypeOf<
      readonly [number, number, 8]
    >();
  });

  it("takes networks as layers, of the right shape only", () => {
    const encoder = sequential([8], dense(2));
    expectTypeOf(sequential([8], encoder, dense(4)).outputShape).toEqualTypeOf<readonly [4]>();
    // @ts-expect-error [sequential] expected [8], received [7]
    sequential([7], encoder);
    expectTypeOf<Step<readonly [7], typeof encoder>>().toEqualTypeOf<
      ShapeMismatch<"[sequential] expected [8], received [7]">
    >();
  });

  it("takes layers of users, typed or not", () => {
    const untyped = defineLayer({ kind: "mine", forward: ({ input }) => input });
    const typed = defineLayer<SameShape>({ kind: "mine", forward: ({ input }) => input });
    expectTypeOf(sequential([3], untyped).outputShape).toEqualTypeOf<Shape>();
    expectTypeOf(sequential([3], untyped, dense(4)).outputShape).toEqualTypeOf<Shape>();
    expectTypeOf(sequential([3], typed, dense(4)).outputShape).toEqualTypeOf<readonly [4]>();
  });
});

describe("layers that do not fit are rejected where they stand", () => {
  it("convolution of something flat", () => {
    // @ts-expect-error [conv2d] expected [height, width, channels], received [784]
    sequential([784], conv2d(8, 3));
    const convolution = conv2d(8, 3);
    expectTypeOf<Step<readonly [784], typeof convolution>>().toEqualTypeOf<
      ShapeMismatch<"[conv2d] expected [height, width, channels], received [784]">
    >();
    sequential([784], dense(3), unflatten([1, 3, 1]), conv2d(8, 1));
    // @ts-expect-error: the second of two layers
    sequential([8, 8, 1], flatten(), conv2d(8, 3));
  });

  it("windows larger than what is left", () => {
    const pool = maxPool2d(3);
    // @ts-expect-error [maxPool2d] expected height and width that hold a window of 3 x 3, received [2, 2, 8]
    sequential([4, 4, 1], conv2d(8, 3), pool);
    expectTypeOf<Step<readonly [2, 2, 8], typeof pool>>().toEqualTypeOf<
      ShapeMismatch<"[maxPool2d] expected height and width that hold a window of 3 x 3, received [2, 2, 8]">
    >();
    sequential([2, 2, 8], maxPool2d(3, { padding: "same" }));
    // @ts-expect-error: a dilated window of 3 covers 5 cells
    sequential([4, 9, 8], conv2d(1, 3, { dilation: 2 }));
  });

  it("features that have no axis, or the wrong number", () => {
    // @ts-expect-error [dense] expected features on a last axis, received []
    sequential([], dense(3));
    // @ts-expect-error [unflatten] expected 6 features for [2, 3], received [7]
    sequential([7], unflatten([2, 3]));
  });

  it("options that do not exist", () => {
    // @ts-expect-error: strides
    conv2d(8, 3, { stride: 2 });
    // @ts-expect-error: an activation is a value
    dense(3, { activation: "relu" });
    // @ts-expect-error: not a padding
    maxPool2d(2, { padding: "full" });
  });
});

describe("shapes of single layers", () => {
  it("are worked out for literals", () => {
    expectTypeOf(outputShape(dense(5), [2, 3])).toEqualTypeOf<readonly [2, 5]>();
    expectTypeOf(outputShape(flatten(), [28, 28, 1])).toEqualTypeOf<readonly [784]>();
    expectTypeOf(outputShape(permute([1, 2, 0]), [3, 8, 9])).toEqualTypeOf<readonly [8, 9, 3]>();
    expectTypeOf(outputShape(unflatten([7, 7, 16]), [784])).toEqualTypeOf<readonly [7, 7, 16]>();
    expectTypeOf(outputShape(conv2d(8, 3, { strides: 2 }), [28, 29, 1])).toEqualTypeOf<
      readonly [13, 14, 8]
    >();
    expectTypeOf(
      outputShape(conv2d(8, [5, 1], { strides: [2, 3], padding: "same" }), [28, 28, 1]),
    ).toEqualTypeOf<readonly [14, 10, 8]>();
    expectTypeOf(outputShape(conv2d(8, 3, { dilation: 2 }), [9, 5, 1])).toEqualTypeOf<readonly [5, 1, 8]>();
    expectTypeOf(outputShape(maxPool2d(), [28, 29, 3])).toEqualTypeOf<readonly [14, 14, 3]>();
    expectTypeOf(outputShape(averagePool2d(3, { strides: 1, padding: "same" }), [6, 6, 3])).toEqualTypeOf<
      readonly [6, 6, 3]
    >();
  });

  it("are numbers where the compiler would have to count too far", () => {
    expectTypeOf(outputShape(conv2d(8, 3), [1000, 1024, 3])).toEqualTypeOf<readonly [number, number, 8]>();
    expectTypeOf(outputShape(flatten(), [224, 224, 3])).toEqualTypeOf<readonly [number]>();
    expectTypeOf(outputShape(conv2d(8, units), [28, 28, 3])).toEqualTypeOf<readonly [number, number, 8]>();
  });

  it("reject what does not fit", () => {
    // @ts-expect-error [conv2d] expected [height, width, channels], received [3]
    outputShape(conv2d(8, 3), [3]);
  });
});

it("counts", () => {
  expectTypeOf<Times<28, 28>>().toEqualTypeOf<784>();
  expectTypeOf<Times<999, 9>>().toEqualTypeOf<8991>();
  expectTypeOf<Times<100, 100>>().toEqualTypeOf<number>();
  expectTypeOf<Times<12000, 1>>().toEqualTypeOf<12000>();
  expectTypeOf<Product<readonly []>>().toEqualTypeOf<1>();
  expectTypeOf<Product<readonly [2, number]>>().toEqualTypeOf<number>();
  expectTypeOf<Positions<999, 2, 2, 1>>().toEqualTypeOf<499>();
  expectTypeOf<Positions<5, 5, 3, 1>>().toEqualTypeOf<1>();
  expectTypeOf<Positions<4, 5, 3, 1>>().toEqualTypeOf<never>();
});
