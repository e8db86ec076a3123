import { activationNames } from "./activations.js";
import { element } from "./element.js";
import { LayerList } from "./layer-list.js";
import {
  batchSizes,
  dataSetNames,
  learningRates,
  limits,
  optimizerNames,
  type Settings,
} from "./settings.js";

const optimizerTitles = {
  sgd: "SGD",
  momentum: "SGD, momentum",
  rmsprop: "RMSprop",
  adam: "Adam",
  adamW: "AdamW",
} as const;

/** The form of the settings. It calls back with new settings whenever one of them is changed. */
export class Controls {
  #settings: Settings;
  readonly #onChange: (settings: Settings) => void;
  readonly #noise: HTMLInputElement = element("noise", HTMLInputElement);
  readonly #noiseValue: HTMLOutputElement = element("noise-value", HTMLOutputElement);
  readonly #seed: HTMLInputElement = element("seed", HTMLInputElement);
  readonly #selects: readonly { readonly show: () => void }[];
  readonly #layers: LayerList;

  constructor(settings: Settings, onChange: (settings: Settings) => void) {
    this.#settings = settings;
    this.#onChange = onChange;
    this.#fillDataSets();
    this.#layers = new LayerList((hidden) => this.#change({ hidden }));
    this.#selects = [
      this.#select(
        "activation",
        activationNames,
        String,
        (activation) => ({ activation }),
        ({ activation }) => activation,
      ),
      this.#select(
        "optimizer",
        optimizerNames,
        (name) => optimizerTitles[name],
        (optimizer) => ({ optimizer }),
        ({ optimizer }) => optimizer,
      ),
      this.#select(
        "learning-rate",
        learningRates,
        String,
        (learningRate) => ({ learningRate }),
        ({ learningRate }) => learningRate,
      ),
      this.#select(
        "batch-size",
        batchSizes,
        String,
        (batchSize) => ({ batchSize }),
        ({ batchSize }) => batchSize,
      ),
    ];
    this.#noise.addEventListener("input", () => this.#change({ noise: Number(this.#noise.value) }));
    this.#seed.addEventListener("change", () => {
      const seed = Math.round(Number(this.#seed.value));
      this.#change({ seed: Math.max(0, Math.min(limits.seed, Number.isFinite(seed) ? seed : 0)) });
    });
    // Enter in the only field for text would send the form, and load the page anew.
    this.#seed.form?.addEventListener("submit", (event) => event.preventDefault());
    element("next-seed", HTMLButtonElement).addEventListener("click", () =>
      this.#change({ seed: (this.#settings.seed + 1) % (limits.seed + 1) }),
    );
    this.show(settings);
  }

  show(settings: Settings): void {
    this.#settings = settings;
    for (const radio of document.querySelectorAll<HTMLInputElement>("#data input"))
      radio.checked = radio.value === settings.data;
    this.#noise.value = String(settings.noise);
    this.#noiseValue.value = settings.noise.toFixed(2);
    this.#seed.value = String(settings.seed);
    for (const select of this.#selects) select.show();
    this.#layers.show(settings.hidden);
  }

  #change(changed: Partial<Settings>): void {
    this.show({ ...this.#settings, ...changed });
    this.#onChange(this.#settings);
  }

  #fillDataSets(): void {
    const group = element("data", HTMLDivElement);
    for (const name of dataSetNames) {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = "data";
      radio.value = name;
      radio.addEventListener("change", () => this.#change({ data: name }));
      const text = document.createElement("span");
      text.textContent = name;
      label.append(radio, text);
      group.append(label);
    }
  }

  #select<Value extends string | number>(
    id: string,
    values: readonly Value[],
    title: (value: Value) => string,
    toSettings: (value: Value) => Partial<Settings>,
    fromSettings: (settings: Settings) => Value,
  ): { readonly show: () => void } {
    const select = element(id, HTMLSelectElement);
    const options = new Map(values.map((value) => [String(value), value]));
    for (const value of values) select.add(new Option(title(value), String(value)));
    select.addEventListener("change", () => this.#change(toSettings(options.get(select.value)!)));
    return {
      show: () => {
        const value = fromSettings(this.#settings);
        // A value from the address that is not on the list.
        if (!options.has(String(value))) {
          options.set(String(value), value);
          select.add(new Option(title(value), String(value)));
        }
        select.value = String(value);
      },
    };
  }
}
