/** Budget: the same network with the portable interpreter only, for places that refuse WebAssembly. */
import * as tensor from "@myelin/tensor";

globalThis.postMessage(tensor);
