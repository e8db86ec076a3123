import { unsigned } from "./leb128.js";

/**
 * Code that is not yet flat: a byte, nested code, or a function that writes what only flattening knows (depths of branches),
 * given the blocks around, outermost first. Nesting makes an instruction one small array, whatever the size of its operands.
 */
export type Code = number | ArrayLike<Code> | ((write: (code: Code) => void, around: Label[]) => void);

/** Names a block, so that a branch says where it goes and not how many blocks lie between. */
export interface Label {
  readonly label?: never;
}

/** Nested code as bytes, in one pass. */
export function flatten(code: Code): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(1 << 10);
  let length = 0;
  const around: Label[] = [];
  const reserve = (count: number): void => {
    if (length + count <= bytes.length) return;
    const written = bytes;
    bytes = new Uint8Array(2 * (length + count));
    bytes.set(written);
  };
  const write = (part: Code): void => {
    if (typeof part === "number") {
      reserve(1);
      bytes[length++] = part;
    } else if (typeof part === "function") {
      part(write, around);
    } else if (part instanceof Uint8Array) {
      reserve(part.length);
      bytes.set(part, length);
      length += part.length;
    } else {
      // An indexed loop: this is where a third of the time of compiling goes.
      for (let index = 0; index < part.length; index++) write(part[index] as Code);
    }
  };
  write(code);
  return bytes.slice(0, length);
}

/** Code with its size in front, flat at once: no block lies around a function or a section. */
export function sized(code: Code): Code {
  const bytes = flatten(code);
  return [unsigned(bytes.length), bytes];
}

/** Code that can branch to `label`. */
export function labelled(label: Label, code: Code): Code {
  return (write, around) => {
    around.push(label);
    write(code);
    around.pop();
  };
}

/** The number of blocks between here and a label. */
export function depthOf(label: Label): Code {
  return (write, around) => {
    const position = around.lastIndexOf(label);
    if (position < 0) throw new Error("assembler: branch to a block that is not around it");
    write(unsigned(around.length - 1 - position));
  };
}
