import type { Page } from "playwright";
import { expect } from "vitest";
import { test } from "./page.ts";

/** Puts settings into the address, and chooses full speed. */
async function open(page: Page, settings: string): Promise<void> {
  await page.evaluate((hash) => location.assign(hash), `#${settings}`);
  await page.selectOption("#speed", "full");
  await expect.poll(() => text(page, "loss")).not.toBe("–");
}

function text(page: Page, id: string): Promise<string> {
  return page.evaluate((id) => document.getElementById(id)!.textContent, id);
}

async function number(page: Page, id: string): Promise<number> {
  return Number.parseFloat((await text(page, id)).replaceAll(",", ""));
}

/** Colour of the field at a point of the plane, which reaches from -1.5 to 1.5: red minus blue. */
function warmth(page: Page, x: number, y: number): Promise<number> {
  return page.locator("#field").evaluate(
    (element, [x, y]) => {
      const canvas = element as HTMLCanvasElement;
      const at = (value: number) => Math.round(((value / 1.5 + 1) / 2) * canvas.width);
      const { data } = canvas.getContext("2d")!.getImageData(at(x), at(-y), 1, 1);
      return data[0]! - data[2]!;
    },
    [x, y] as const,
  );
}

const patience = { timeout: 30_000, interval: 100 };

test("the page opens, cross-origin isolated", async ({ page }) => {
  expect(await page.title()).toContain("Myelin");
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
});

test("it learns xor, and draws what it learned", async ({ page }) => {
  await open(page, "data=xor&noise=0.1&hidden=6&activation=tanh&optimizer=adam&rate=0.03&seed=1");
  await page.click("#run");
  await expect.poll(() => number(page, "loss"), patience).toBeLessThan(0.1);
  await expect.poll(() => number(page, "test-accuracy"), patience).toBeGreaterThan(95);
  await expect.poll(() => text(page, "message"), patience).toMatch(/^Learned/);
  await page.click("#run");
  // Class 0, orange, lies below on the left and above on the right.
  const [orange, blue] = [await warmth(page, -1.35, -1.35), await warmth(page, -1.35, 1.35)];
  expect(orange).toBeGreaterThan(30);
  expect(blue).toBeLessThan(-30);
  expect(await warmth(page, 1.35, 1.35)).toBeGreaterThan(30);
  expect(await warmth(page, 1.35, -1.35)).toBeLessThan(-30);
});

test("it trains in a worker, and can be paused and continued", async ({ page }) => {
  await open(page, "data=moons");
  expect(page.workers()).toHaveLength(1);
  await page.click("#run");
  await expect.poll(() => text(page, "run")).toBe("Pause");
  await expect.poll(() => number(page, "epoch"), patience).toBeGreaterThan(10);
  await page.click("#run");
  await expect.poll(() => text(page, "run")).toBe("Run");
  // The frame that was under way may still arrive.
  await page.waitForTimeout(300);
  const epoch = await number(page, "epoch");
  await page.waitForTimeout(500);
  expect(await number(page, "epoch")).toBe(epoch);
  await page.click("#run");
  await expect.poll(() => number(page, "epoch"), patience).toBeGreaterThan(epoch);
});

test("a step is one epoch, and a reset goes back to none", async ({ page }) => {
  await open(page, "data=circles");
  for (const epoch of [1, 2, 3]) {
    await page.click("#step");
    await expect.poll(() => text(page, "epoch"), patience).toBe(String(epoch));
  }
  await page.click("#reset");
  await expect.poll(() => text(page, "epoch"), patience).toBe("0");
});

test("the same settings lead to the same numbers", async ({ page }) => {
  const losses: string[] = [];
  for (let i = 0; i < 2; i++) {
    await open(page, `data=spirals&seed=${i}`);
    await open(page, "data=spirals&seed=7");
    await page.click("#step");
    await expect.poll(() => text(page, "epoch"), patience).toBe("1");
    losses.push(await text(page, "loss"));
  }
  expect(losses[1]).toBe(losses[0]);
});

test("another activation starts again, and is in the address", async ({ page }) => {
  await open(page, "data=moons&activation=tanh");
  await page.click("#step");
  await expect.poll(() => text(page, "epoch"), patience).toBe("1");
  await page.selectOption("#activation", "relu");
  await expect.poll(() => text(page, "epoch"), patience).toBe("0");
  expect(page.url()).toContain("activation=relu");
  await page.reload();
  expect(await page.locator("#activation").inputValue()).toBe("relu");
});

test("a run goes on with a changed network", async ({ page }) => {
  await open(page, "data=xor&hidden=4");
  await page.click("#run");
  await expect.poll(() => number(page, "epoch"), patience).toBeGreaterThan(0);
  await page.getByLabel("More nodes in layer 1").click();
  await page.getByText("Add a layer").click();
  expect(page.url()).toContain("hidden=5,5");
  await expect.poll(() => text(page, "run")).toBe("Pause");
  await expect.poll(() => number(page, "epoch"), patience).toBeGreaterThan(0);
});

test("all activations can be chosen", async ({ page }) => {
  await open(page, "data=blobs&hidden=3");
  const names = await page.locator("#activation option").allInnerTexts();
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    await page.selectOption("#activation", name);
    await page.click("#step");
    await expect.poll(() => text(page, "epoch"), patience).toBe("1");
    expect(await text(page, "message")).not.toContain("wrong");
  }
});

test("steps that are too large are explained in plain words", async ({ page }) => {
  await open(page, "data=xor&hidden=8,8,8&activation=leakyRelu&optimizer=sgd&rate=1000");
  await page.click("#run");
  await expect.poll(() => text(page, "message"), patience).toMatch(/blew up.*Try a learning rate below 1000/);
  await expect.poll(() => text(page, "run")).toBe("Run");
});

test("a network that cannot learn says why", async ({ page }) => {
  await open(page, "data=xor&hidden=");
  await page.click("#run");
  await expect.poll(() => text(page, "message"), patience).toMatch(/does not learn.*straight line/);
});

test("Enter in the field of the seed takes the seed, and does not load the page anew", async ({ page }) => {
  await open(page, "data=xor");
  await page.fill("#seed", "7");
  await page.press("#seed", "Enter");
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("seed=7");
  expect(await page.evaluate(() => location.search)).toBe("");
  expect(await page.inputValue("#speed")).toBe("full");
});

test("the focus stays among the layers when a button is gone or at its limit", async ({ page }) => {
  await open(page, "hidden=4,4");
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id);
  const press = async (label: string, times = 1) => {
    await page.getByRole("button", { name: label }).focus();
    for (let i = 0; i < times; i++) await page.keyboard.press("Enter");
    return focused();
  };
  expect(await press("More nodes in layer 1", 2)).toBe("More nodes in layer 1");
  expect(await press("More nodes in layer 1", 6)).toBe("Fewer nodes in layer 1");
  expect(await press("Fewer nodes in layer 2", 3)).toBe("More nodes in layer 2");
  expect(await press("Add a layer", 3)).toBe("More nodes in layer 5");
  expect(await press("Remove layer 5")).toBe("Remove layer 4");
  expect(await press("Remove layer 1", 4)).toBe("add-layer");
});

test("it works without a mouse, and fits a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  await open(page, "data=xor");
  await page.locator("#speed").blur();
  await page.keyboard.press("s");
  await expect.poll(() => text(page, "epoch"), patience).toBe("1");
  await page.keyboard.press("Space");
  await expect.poll(() => text(page, "run")).toBe("Pause");
  await page.keyboard.press("Space");
  await expect.poll(() => text(page, "run")).toBe("Run");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
