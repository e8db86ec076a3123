import type { Kernel } from "@myelin/compiler";
import { emitColumn } from "./column.js";
import { emitContraction } from "./contraction.js";
import type { KernelEmitter } from "./kernel-emitter.js";
import { emitMap } from "./map.js";
import { emitRow } from "./row.js";

export type { EmittedFunction, KernelContext, KernelEmitter, Layout } from "./kernel-emitter.js";

/** One emitter per family. */
export const emitters: { readonly [Family in Kernel["family"]]: KernelEmitter } = {
  map: emitMap,
  row: emitRow,
  column: emitColumn,
  contraction: emitContraction,
};
