import { button, element } from "./element.js";
import { limits } from "./settings.js";

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
    this.#add.disabled = hidden.length >= limits.layers;
    if (hidden.join() === this.#hidden.join() && this.#list.childElementCount > 0) return;
    this.#hidden = hidden;
    const focused = document.activeElement?.getAttribute("aria-label");
    const items = hidden.map((nodes, index) => this.#item(nodes, index));
    if (items.length === 0) items.push(this.#empty());
    this.#list.replaceChildren(...items);
    // The button in use was replaced by its like.
    const again =
      focused && this.#list.querySelector<HTMLButtonElement>(`[aria-label="${CSS.escape(focused)}"]`);
    if (again) again.focus();
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
