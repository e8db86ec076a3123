declare module "convnetjs" {
  /** A volume of numbers: width, height, depth. */
  export class Vol {
    constructor(width: number, height: number, depth: number, value?: number);
    w: Float64Array | number[];
  }
  export interface Layer {
    readonly layer_type: string;
    readonly filters?: readonly Vol[];
    readonly biases?: Vol;
  }
  export class Net {
    readonly layers: readonly Layer[];
    makeLayers(definitions: readonly object[]): void;
    forward(input: Vol, isTraining?: boolean): Vol;
  }
  export class Trainer {
    constructor(net: Net, options: object);
    train(input: Vol, target: number | readonly number[]): { readonly cost_loss: number };
  }
}
