/** Budget: the smallest useful program, XOR trained with the facade (WebAssembly included). */
import * as myelin from "myelin";

globalThis.postMessage(myelin);
