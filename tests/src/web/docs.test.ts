/** The documentation of the API, in a real browser: shown whole, tried out, and asking nobody else. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { chromium, launch, sticksOut } from "./browser.ts";
import { openShop } from "./shop.ts";

const pictures = fileURLToPath(new URL("../../../coverage/pages/", import.meta.url));

describe.skipIf(chromium === undefined)("the documentation of the API", () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  const open = async (
    width: number,
  ): Promise<{ page: Page; complaints: string[]; key: string }> => {
    const shop = await openShop();
    onTestFinished(() => shop.close());
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && origin !== shop.url) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(`${shop.url}/docs`);
    await page.getByText("/billing/bills/{bill}/void").waitFor();
    return { page, complaints, key: shop.key };
  };

  it("shows every operation under its tag, under a strict policy, and from this server alone", async () => {
    const { page, complaints } = await open(1440);
    await page.screenshot({ path: `${pictures}docs.png` });
    const operations = await page.locator(".opblock").count();
    expect(operations).toBeGreaterThan(35);
    for (const tag of ["billing", "mock", "pay"])
      expect(await page.locator(`#operations-tag-${tag}`).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("lets a request be tried with a key", async () => {
    const { page, complaints, key } = await open(1440);
    await page.getByRole("button", { name: "Authorize" }).first().click();
    await page.locator("input[type=password], .auth-container input").first().fill(key);
    await page.getByRole("button", { name: "Apply credentials" }).click();
    await page.getByRole("button", { name: "Close" }).click();
    const operation = page.locator("#operations-billing-retrieveBill");
    await operation.locator(".opblock-summary-control").click();
    await operation.getByPlaceholder("bill").fill("BILL-2026-0317");
    await operation.getByRole("button", { name: "Execute" }).click();
    await operation.getByText('"amount_paid": 12550').first().waitFor();
    await operation.screenshot({ path: `${pictures}docs-tried.png` });
    expect(complaints).toEqual([]);
  });

  it("fits a phone", async () => {
    const { page, complaints } = await open(390);
    expect(await sticksOut(page)).toBe(false);
    await page.screenshot({ path: `${pictures}docs-phone.png` });
    expect(complaints).toEqual([]);
  });
});
