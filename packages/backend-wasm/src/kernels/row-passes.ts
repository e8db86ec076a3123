import { dependsOn, type Kernel, operandsOf, type Store, stagesOf, type Value } from "@myelin/compiler";
import { i32, type Local, v128 } from "../assembler/index.js";
import { costOf } from "./cost.js";
import type { BodyEmitter, KernelContext, Layout } from "./kernel-emitter.js";
import { along, count, origin } from "./position.js";
import {
  combineLanes,
  include,
  maskLanes,
  type Reduction,
  reductionsOf,
  sortStores,
  total,
} from "./reduction.js";

/** As many passes over a row as reductions wait for each other. */
export interface LongRowPlan {
  readonly passes: readonly Pass[];
  /** Values that are kept in the workspace, each in a slot of its own, and the bytes of all slots. */
  readonly slots: readonly Value[];
  readonly bytes: number;
}

/** What one pass over the row does. */
interface Pass {
  readonly reductions: readonly Reduction[];
  readonly stores: readonly Store[];
  /** Values that this pass computes and keeps for later ones, or finds kept. */
  readonly keeps: readonly Value[];
  readonly finds: readonly Value[];
}

export function emitLongRow(
  kernel: Kernel,
  body: BodyEmitter,
  { workspace }: KernelContext,
  { passes, slots, bytes }: LongRowPlan,
): void {
  /** From this length on a row is added up by four accumulators, below by two. */
  const FOUR_ACCUMULATORS = 128;
  const { extents } = kernel;
  const last = extents.length - 1;
  const length = extents[last] as number;
  const start = origin(extents);
  const memory = body.builder.local("i32");
  if (slots.length > 0) body.builder.atEntry(memory.set(workspace));

  const emitAt = (pass: Pass, totals: readonly Local<"v128">[], first: number, lanes: number): void =>
    body.scope(() => {
      const position = along(extents, last, first, lanes);
      const pointer = body.pointer(origin(extents, last, 4));
      const address = i32.add(memory, pointer.base);
      const slotOf = (value: Value) =>
        (slots.indexOf(value) * bytes) / slots.length + pointer.offset + 4 * first;
      for (const value of pass.finds)
        body.define(value, position, body.keep(v128.load(address, slotOf(value))));
      for (const value of pass.keeps) {
        const computed = body.keep(body.value(value, position));
        body.define(value, position, computed);
        body.emit(v128.store(address, computed, slotOf(value)));
      }
      pass.reductions.forEach((reduction, i) => {
        const element = maskLanes(reduction, body.value(reduction.input, position), lanes);
        include(reduction, body, totals[i] as Local<"v128">, element);
      });
      body.store(pass.stores, position);
    });

  const accumulators = count(length >= FOUR_ACCUMULATORS ? 4 : 2);
  const step = 4 * accumulators.length;
  const whole = length - (length % step);
  for (const pass of passes) {
    const { reductions, stores } = pass;
    if (reductions.length + stores.length === 0) continue;
    const totals = accumulators.map(() => reductions.map(({ identity }) => body.keep(identity)));
    body.hoist([last], [start]);
    body.loop(last, { to: whole, step }, () => {
      totals.forEach((own, vector) => {
        emitAt(pass, own, 4 * vector, 4);
      });
    });
    totals.forEach((own, vector) => {
      const first = whole + 4 * vector;
      if (first < length) emitAt(pass, own, first, Math.min(4, length - first));
    });
    reductions.forEach((reduction, i) => {
      const parts = totals.map((own) => own[i] as Local<"v128">);
      body.define(reduction.value, [start], combineLanes(reduction, body, total(reduction, body, parts)));
    });
  }
  body.store(sortStores(kernel, last).results, [start]);
}

export function planLongRow(kernel: Kernel, { layout }: KernelContext): LongRowPlan {
  /** A value of this cost is kept in memory for the passes after the one that computes it; others are computed again. */
  const WORTH_KEEPING = 20;
  const { body, extents } = kernel;
  const last = extents.length - 1;
  const stages = stagesOf(body);
  const depends = dependsOn(body, last);
  const all = reductionsOf(kernel);
  const { elements } = sortStores(kernel, last);
  const lastPass = Math.max(...stages);
  const passOf = (store: Store): number => {
    if (readsWhatItWrites(kernel, layout, store)) return lastPass;
    return Math.max(...rootsOf(store).map((value) => stages[value] as number));
  };
  const firstPass = new Map<Value, number>();
  const kept = new Set<Value>();
  const passes = count(lastPass + 1).map((pass) => {
    const reductions = all.filter(({ input }) => stages[input] === pass);
    const stores = elements.filter((store) => passOf(store) === pass);
    const finds: Value[] = [];
    const visited = new Set<Value>();
    const need = (value: Value): void => {
      const instruction = body[value];
      if (!instruction || visited.has(value) || !depends[value]) return;
      visited.add(value);
      const first = firstPass.get(value) ?? pass;
      firstPass.set(value, first);
      if (first < pass && costOf(instruction) >= WORTH_KEEPING) {
        finds.push(value);
        kept.add(value);
      } else operandsOf(instruction).forEach(need);
    };
    for (const value of [...reductions.map(({ input }) => input), ...stores.flatMap(rootsOf)]) need(value);
    return { reductions, stores, finds };
  });
  // Operands come before what is computed from them.
  const slots = [...kept].sort((a, b) => a - b);
  return {
    passes: passes.map((pass, i) => ({
      ...pass,
      keeps: slots.filter((value) => firstPass.get(value) === i),
    })),
    slots,
    bytes: slots.length * 16 * Math.ceil((extents[last] as number) / 4),
  };
}

/** The values that a store needs. */
function rootsOf({ value, address }: Store): Value[] {
  return address.indirect ? [value, address.indirect.value] : [value];
}

/** Whether the kernel loads from where it stores: a later pass must still find the old contents. */
function readsWhatItWrites({ body }: Kernel, { addresses }: Layout, { address }: Store): boolean {
  return body.some(
    (instruction) =>
      instruction.op === "load" && addresses[instruction.address.buffer] === addresses[address.buffer],
  );
}
