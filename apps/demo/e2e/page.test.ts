import { expect } from "vitest";
import { test } from "./page.ts";

test("the page opens, cross-origin isolated", async ({ page }) => {
  expect(await page.title()).toContain("Myelin");
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
});
