import type { Kernel } from "@myelin/compiler";
import type { BodyEmitter, Position } from "./kernel-emitter.js";
import { along, origin } from "./position.js";
import { include, reductionsOf, sortStores } from "./reduction.js";
import type { Work } from "./split.js";

/**
 * Four short rows at a time, one in each lane: no lane is idle and none has to be combined with another. The sum goes
 * from the first element to the last.
 */
export function emitRowsInLanes(kernel: Kernel, body: BodyEmitter, work: Work): void {
  const rowAxis = kernel.extents.length - 2;
  const rows = kernel.extents[rowAxis] as number;
  const emitAt = (first: number, lanes: number): void =>
    body.scope(() => emitGroup(kernel, body, along(rowAxis, origin(kernel.extents, rowAxis, first), lanes)));
  work.columns(
    4,
    () => emitAt(0, 4),
    (from) => {
      const whole = rows - (rows % 4);
      body.loop(rowAxis, { from, to: whole, step: 4 }, () => emitAt(0, 4));
      if (whole < rows) emitAt(whole, rows - whole);
    },
  );
}

function emitGroup(kernel: Kernel, body: BodyEmitter, rows: Position): void {
  const last = kernel.extents.length - 1;
  const { elements, results } = sortStores(kernel, last);
  const columns = Array.from({ length: kernel.extents[last] as number }, (_, column) =>
    rows.map((lane) => [...lane.slice(0, last), column]),
  );
  for (const reduction of reductionsOf(kernel)) {
    const total = body.local();
    columns.forEach((position, column) => {
      const element = body.value(reduction.input, position);
      if (column === 0) body.emit(total.set(element));
      else include(reduction, body, total, element);
    });
    body.define(reduction.value, rows, total);
  }
  for (const position of columns) body.store(elements, position);
  body.store(results, rows);
}
