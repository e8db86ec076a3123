import { dependsOn, type Kernel, operandsOf, type Store, stagesOf, type Value } from "@myelin/compiler";
import { i32, type Local, v128 } from "../assembler/index.js";
import { costOf } from "./cost.js";
import type { BodyEmitter, KernelContext, Layout, Position } from "./kernel-emitter.js";
import { along, origin } from "./position.js";
import { combineLanes, include, maskLanes, type Reduction, reductionsOf, sortStores } from "./reduction.js";

/** A value of this cost is kept in memory for the passes after the one that computes it; others are computed again. */
const WORTH_KEEPING = 20;
/** From this length on a row is added up by four accumulators, below by two. */
const FOUR_ACCUMULATORS = 128;

/** What one pass over the row does. */
interface Pass {
  readonly reductions: readonly Reduction[];
  readonly stores: readonly Store[];
  /** Values that this pass computes and keeps for later ones, or finds kept. */
  readonly keeps: readonly Value[];
  readonly finds: readonly Value[];
}

/** One row in as many passes as reductions wait for each other. */
export function emitLongRow(kernel: Kernel, body: BodyEmitter, { layout, workspace }: KernelContext): void {
  const { extents } = kernel;
  const last = extents.length - 1;
  const length = extents[last] as number;
  const passes = passesOf(kernel, layout);
  const slots = slotsOf(passes);
  const memory = body.builder.local("i32");
  if (slots.length > 0) body.builder.atEntry(memory.set(workspace.get()));

  const slotAt = (value: Value, position: Position) => {
    const pointer = body.pointer(origin(extents, last, 4));
    const index = (position[0] as readonly number[])[last] as number;
    const offset = slots.indexOf(value) * slotBytes(length) + pointer.offset + 4 * index;
    return { address: i32.add(memory.get(), pointer.base), offset };
  };
  const emitAt = (pass: Pass, totals: readonly Local<"v128">[], index: number, lanes: number): void =>
    body.scope(() => {
      const position = along(last, origin(extents, last, index), lanes);
      for (const value of pass.finds) {
        const { address, offset } = slotAt(value, position);
        const found = body.local();
        body.emit(found.set(v128.load(address, offset)));
        body.define(value, position, found);
      }
      for (const value of pass.keeps) {
        const computed = body.local();
        body.emit(computed.set(body.value(value, position)));
        body.define(value, position, computed);
        const { address, offset } = slotAt(value, position);
        body.emit(v128.store(address, computed.get(), offset));
      }
      pass.reductions.forEach((reduction, i) => {
        const total = totals[i] as Local<"v128">;
        const element = maskLanes(reduction, body.value(reduction.input, position), lanes);
        include(reduction, body, total, element);
      });
      body.store(pass.stores, position);
    });

  const accumulators = length >= FOUR_ACCUMULATORS ? 4 : 2;
  const step = 4 * accumulators;
  const whole = length - (length % step);
  for (const pass of passes) {
    if (pass.reductions.length + pass.stores.length === 0) continue;
    const totals = Array.from({ length: accumulators }, () =>
      pass.reductions.map((reduction) => {
        const total = body.local();
        body.emit(total.set(reduction.identity));
        return total;
      }),
    );
    body.hoist([last], [origin(extents)]);
    body.loop(last, { to: whole, step }, () => {
      totals.forEach((own, vector) => {
        emitAt(pass, own, 4 * vector, 4);
      });
    });
    totals.forEach((own, vector) => {
      const index = whole + 4 * vector;
      if (index < length) emitAt(pass, own, index, Math.min(4, length - index));
    });
    pass.reductions.forEach((reduction, i) => {
      const [total, ...others] = totals.map((own) => own[i] as Local<"v128">) as [
        Local<"v128">,
        ...Local<"v128">[],
      ];
      for (const other of others) include(reduction, body, total, other.get());
      combineLanes(reduction, body, total);
      body.define(reduction.value, [origin(extents)], total);
    });
  }
  body.store(sortStores(kernel, last).results, [origin(extents)]);
}

/** Bytes of workspace for the values that are kept. */
export function spillBytes(kernel: Kernel, { layout }: KernelContext): number {
  return slotsOf(passesOf(kernel, layout)).length * slotBytes(kernel.extents.at(-1) as number);
}

function slotsOf(passes: readonly Pass[]): Value[] {
  return passes.flatMap(({ keeps }) => keeps);
}

function slotBytes(length: number): number {
  return 16 * Math.ceil(length / 4);
}

function passesOf(kernel: Kernel, layout: Layout): Pass[] {
  const { body } = kernel;
  const last = kernel.extents.length - 1;
  const stages = stagesOf(body);
  const depends = dependsOn(body, last);
  const reductions = reductionsOf(kernel);
  const { elements } = sortStores(kernel, last);
  const count = Math.max(...stages) + 1;
  const stageOf = ({ value, address }: Store) =>
    Math.max(stages[value] as number, address.indirect ? (stages[address.indirect.value] as number) : 0);
  const isFinal = (store: Store) => readsWhatItWrites(kernel, layout, store);
  const firstPass = new Map<Value, number>();
  const keeps = Array.from({ length: count }, () => new Set<Value>());
  const passes = Array.from({ length: count }, (_, pass) => {
    const own = {
      reductions: reductions.filter(({ input }) => stages[input] === pass),
      stores: elements.filter((store) => (isFinal(store) ? count - 1 : stageOf(store)) === pass),
    };
    const finds = new Set<Value>();
    const visited = new Set<Value>();
    const need = (value: Value): void => {
      const instruction = body[value];
      if (instruction === undefined || visited.has(value) || !depends[value]) return;
      visited.add(value);
      const first = firstPass.get(value) ?? pass;
      firstPass.set(value, first);
      if (first < pass && costOf(instruction) >= WORTH_KEEPING) {
        finds.add(value);
        keeps[first]?.add(value);
        return;
      }
      for (const operand of operandsOf(instruction)) need(operand);
    };
    for (const { input } of own.reductions) need(input);
    for (const { value, address } of own.stores)
      for (const root of [value, address.indirect?.value ?? value]) need(root);
    return { ...own, finds: [...finds] };
  });
  return passes.map((pass, i) => ({ ...pass, keeps: [...(keeps[i] ?? [])].sort((a, b) => a - b) }));
}

/** Whether the kernel loads from where it stores: a later pass must still find the old contents. */
function readsWhatItWrites({ body }: Kernel, { addresses }: Layout, { address }: Store): boolean {
  return body.some(
    (instruction) =>
      instruction.op === "load" && addresses[instruction.address.buffer] === addresses[address.buffer],
  );
}
