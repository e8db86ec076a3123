import { add, multiply, square, subtract, type Tensor } from "@myelin/tensor";
import { flushMoment, flushSquare } from "./flush.js";

/** decay x average + (1 - decay) x value; both factors are rounded from float64. */
export function movingAverage(average: Tensor, value: Tensor, decay: number): Tensor {
  return flushMoment(weighted(average, value, decay));
}

/** The moving average of squares. */
export function movingSquare(average: Tensor, value: Tensor, decay: number): Tensor {
  return flushSquare(weighted(average, square(value), decay));
}

/** A moving average that is not kept, such as a direction. */
export function weighted(average: Tensor, value: Tensor, decay: number): Tensor {
  return add(multiply(average, decay), multiply(value, 1 - decay));
}

/**
 * The next bias correction 1 - decay^t, as state: c <- decay c + (1 - decay) from 0. In float32 this keeps the digits that
 * `1 - decay ** t` would lose.
 */
export function nextCorrection(correction: Tensor, decay: number): Tensor {
  return add(multiply(correction, decay), 1 - decay);
}

/** PyTorch's `weight_decay` for optimizers that are not decoupled: the gradient of strength / 2 x |parameters|². */
export function withWeightDecay(gradients: Tensor, parameters: Tensor, strength: number): Tensor {
  return strength === 0 ? gradients : add(gradients, multiply(parameters, strength));
}

/** Decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101): shrinks the weights by rate x strength first. */
export function decayed(parameters: Tensor, learningRate: Tensor, strength: number): Tensor {
  return strength === 0
    ? parameters
    : subtract(parameters, multiply(multiply(learningRate, strength), parameters));
}
