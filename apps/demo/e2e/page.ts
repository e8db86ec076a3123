/** `test` with a `page`: the published demo in headless Chromium. Any error on its console fails the test. */
import { type Browser, chromium, type Page } from "playwright";
import { test as base, expect, inject, type TestAPI } from "vitest";

const options = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const test: TestAPI<{ browser: Browser; page: Page }> = base.extend<{ browser: Browser; page: Page }>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures a fixture needs from this pattern
    async ({}, use) => {
      const executablePath = process.env.CHROMIUM_PATH!;
      const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: options });
      await use(browser);
      await browser.close();
    },
    { scope: "file" },
  ],
  page: async ({ browser }, use) => {
    const demo = inject("demo");
    if ("problem" in demo) throw new Error(demo.problem);
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(demo.url);
    await use(page);
    await page.close();
    expect(problems, "the page must not report errors").toEqual([]);
  },
});
