/** Groups work into pieces that are long enough to be cheap and short enough to stay responsive. */
export interface TimeSlice {
  /** True when the event loop should have its turn now. */
  isOver(): boolean;
  /** Makes so many steps in one call as fit into it. */
  call<Made extends { readonly steps: number }>(make: (limit: number) => Made): Made;
}

export function timeSlice(): TimeSlice {
  /** Steps are grouped into calls of about this long, */
  const CALL = 8;
  /** and after this long the event loop gets its turn. All in milliseconds; a frame at 60 Hz has 16. */
  const SLICE = 12;
  let start = performance.now();
  let limit = 1;
  return {
    isOver() {
      const now = performance.now();
      if (now - start < SLICE) return false;
      start = now;
      return true;
    },
    call(make) {
      const before = performance.now();
      const made = make(limit);
      const each = (performance.now() - before) / made.steps;
      // Growth is gradual, because the first call also warms up.
      limit = Math.max(1, Math.min(limit * 4, Math.floor(CALL / each)));
      return made;
    },
  };
}
