import { button, element } from "./element.js";
import { limits } from "./settings.js";

/** A button in one of the lines. */
interface Place {
  readonly line: number;
  readonly button: number;
}

const FEWER = 0;
const MORE = 1;

function buttonsOf(item: Element): readonly HTMLButtonElement[] {
  return [...item.querySelectorAll("button")];
}

/** The hidden layers: one line each, with buttons for more and fewer nodes and for taking the layer out. */
export class LayerList {
  readonly #list: HTMLOListElement = element("layers", HTMLOListElement);
  readonly #add: HTMLButtonElement = element("add-layer", HTMLButtonElement);
  readonly #onChange: (hidden: readonly number[]) => void;
  #hidden: readonly number[] = [];

  constructor(onChange: (hidden: readonly number[]) => void) {
    this.#onChange = onChange;
    this.#add.addEventListener("click", () => onChange([...this.#hidden, this.#hidden.at(-1) ?? 4]));
  }

  show(hidden: readonly number[]): void {
    const focus = this.#focused(hidden);
    this.#add.disabled = hidden.length >= limits.layers;
    if (hidden.join() === this.#hidden.join() && this.#list.childElementCount > 0) return;
    this.#hidden = hidden;
    const items = hidden.map((nodes, index) => this.#item(nodes, index));
    if (items.length === 0) items.push(this.#empty());
    this.#list.replaceChildren(...items);
    if (focus !== undefined) this.#focus(focus);
  }

  /** Where the focus is, if it has to be given to another button. */
  #focused(hidden: readonly number[]): Place | undefined {
    const { activeElement } = document;
    // It cannot be used any more.
    if (activeElement === this.#add && hidden.length >= limits.layers)
      return { line: hidden.length - 1, button: MORE };
    const lines = [...this.#list.children].map(buttonsOf);
    const line = lines.findIndex((buttons) => buttons.includes(activeElement as HTMLButtonElement));
    return line < 0 ? undefined : { line, button: lines[line]!.indexOf(activeElement as HTMLButtonElement) };
  }

  /** To the button in the place of the one in use; where that is at its limit to the one beside, where no line is left below. */
  #focus({ line, button }: Place): void {
    const item = this.#list.children[Math.min(line, this.#list.childElementCount - 1)]!;
    const buttons = buttonsOf(item);
    const [same, other] = [buttons[button], buttons[button === MORE ? FEWER : MORE]];
    (same?.disabled ? other : (same ?? this.#add))?.focus();
  }

  #item(nodes: number, index: number): HTMLLIElement {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = `Layer ${index + 1}`;
    const count = document.createElement("span");
    count.className = "count";
    count.textContent = `${nodes} ${nodes === 1 ? "node" : "nodes"}`;
    const set = (value: number) => this.#onChange(this.#hidden.with(index, value));
    const fewer = button("−", `Fewer nodes in layer ${index + 1}`, () => set(nodes - 1));
    const more = button("+", `More nodes in layer ${index + 1}`, () => set(nodes + 1));
    fewer.disabled = nodes <= 1;
    more.disabled = nodes >= limits.nodes;
    const remove = button("×", `Remove layer ${index + 1}`, () =>
      this.#onChange(this.#hidden.toSpliced(index, 1)),
    );
    item.append(name, fewer, count, more, remove);
    return item;
  }

  #empty(): HTMLLIElement {
    const item = document.createElement("li");
    item.textContent = "No hidden layer: a straight line.";
    return item;
  }
}
