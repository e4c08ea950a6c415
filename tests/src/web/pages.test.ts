/** The dashboard and the pay page, as a person meets them, in a real browser. */
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accessibilityFaults, chromium, launch, sticksOut } from "./browser.ts";
import { openShop, type Shop } from "./shop.ts";

const pictures = fileURLToPath(new URL("../../../coverage/pages/", import.meta.url));

describe.skipIf(chromium === undefined)("the pages", () => {
  let browser: Browser;
  let context: BrowserContext;
  let shop: Shop;
  /** What the browser complained of: scripts that failed, things that the policy blocked. */
  let complaints: string[];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    shop = await openShop();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  });
  afterEach(async () => {
    await context.close();
    await shop.close();
    expect(complaints).toEqual([]);
  });

  const open = async (path: string): Promise<Page> => {
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        complaints.push(message.text());
    });
    await page.goto(`${shop.url}${path}`);
    return page;
  };
  const dashboard = async (section: string): Promise<Page> => {
    const page = await open(`/#/${section}`);
    await page.getByLabel("Secret key").fill(shop.key);
    await page.getByRole("button", { name: "Open the book" }).click();
    await page.getByText("Live", { exact: true }).waitFor();
    return page;
  };
  const payPage = (reference: string): string =>
    `/pay/${shop.obligations.get(reference) ?? reference}`;
  const paymentsOn = async (reference: string): Promise<number> => {
    const { data } = await shop.get("/_mock/events?limit=500");
    return data.filter(
      (event) =>
        event["type"] === "obligation.amount_applied" &&
        (event["data"] as { obligation_id?: string }).obligation_id ===
          shop.obligations.get(reference),
    ).length;
  };
  const row = (page: Page, reference: string) =>
    page.getByRole("row").filter({ hasText: reference });

  it("let a payer pay, and the dashboard shows it without a reload, looks back, and sends again", async () => {
    const merchant = await dashboard("bills");
    await row(merchant, "BILL-2026-0317").getByText("251.00").waitFor();

    const payer = await open(`${payPage("BILL-2026-0317")}?utm_source=sms&nothing=`);
    expect(await payer.getByLabel("Amount to pay").inputValue()).toBe("251.00");
    await payer.getByLabel("Amount to pay").fill("100.00");
    await payer.getByRole("button", { name: "Pay ZAR 100.00" }).click();
    await payer.getByRole("heading", { name: "Payment received" }).waitFor();
    await payer.getByText("ZAR 151.00").waitFor();
    await payer.screenshot({ path: `${pictures}receipt.png` });

    await row(merchant, "BILL-2026-0317").getByText("151.00").waitFor();
    await merchant.getByRole("button", { name: "One event back" }).click();
    await row(merchant, "BILL-2026-0317").getByText("251.00").waitFor();
    await merchant.getByText(/^As of event/).waitFor();
    await merchant.screenshot({ path: `${pictures}looking-back.png` });
    await merchant.getByRole("button", { name: "Back to now" }).click();
    await row(merchant, "BILL-2026-0317").getByText("151.00").waitFor();

    await merchant.getByRole("link", { name: "Webhooks" }).click();
    await merchant.getByText("succeeded with 200").first().waitFor();
    await merchant
      .getByRole("button", { name: /^Redeliver/ })
      .first()
      .click();
    await merchant.getByText("Attempt 2").waitFor();

    const { data } = await shop.get("/_mock/events?limit=500");
    expect(data.at(-1)).toMatchObject({ personal: { metadata: { utm_source: "sms" } } });
  });

  it("scrub to any earlier position, before anything happened too", async () => {
    const page = await dashboard("customers");
    await row(page, "CUST-40217").getByText("483.50").waitFor();
    await page.getByLabel("Position in the book").fill("1");
    await row(page, "CUST-40217").getByText("not tracked").waitFor();
    expect(await page.getByRole("row").count()).toBe(2);
    await page.getByLabel("Position in the book").fill("0");
    await page.getByText("No customers yet").waitFor();
  });

  it("pay, void, freeze, advance, inject, clear and reset", async () => {
    const page = await dashboard("bills");
    await page.getByRole("button", { name: "Pay BILL-2026-0317" }).click();
    await page.getByLabel("Amount in ZAR").fill("9999");
    await page.getByRole("dialog").getByRole("button", { name: "Pay", exact: true }).click();
    await page.getByRole("dialog").getByRole("alert").getByText(/./).waitFor();
    await page.getByLabel("Amount in ZAR").fill("251.00");
    await page.getByRole("dialog").getByRole("button", { name: "Pay", exact: true }).click();
    await row(page, "BILL-2026-0317").getByText("paid", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Void BILL-2026-0418" }).click();
    await page.getByRole("button", { name: "Void the bill" }).click();
    await row(page, "BILL-2026-0418").getByText("voided").waitFor();

    await page.getByRole("link", { name: "Controls" }).click();
    await page.getByRole("button", { name: "Advance" }).click();
    await page.getByText(/^3 Mar 2026/).waitFor();
    await page.getByRole("button", { name: "Let it run" }).click();
    await page.getByRole("button", { name: "Freeze now" }).waitFor();
    const asked = async (): Promise<number> => {
      const headers = { authorization: `Bearer ${shop.key}` };
      return (await fetch(`${shop.url}/billing/customers/CUST-40217`, { headers })).status;
    };
    const inject = async (): Promise<void> => {
      await page.getByRole("button", { name: "Inject a fault" }).click();
      await page.getByRole("button", { name: "Inject", exact: true }).click();
      await page.getByText("status 503 on every path, 1×").first().waitFor();
    };
    await inject();
    expect([await asked(), await asked()]).toEqual([503, 200]);
    await inject();
    await page.getByRole("button", { name: "Clear all" }).click();
    await page.getByText("None is waiting.").waitFor();
    expect(await asked()).toBe(200);

    await page.getByRole("button", { name: "Reset…" }).click();
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByText("An empty book").waitFor();
  });

  it("list the requests and give each as a command without its key", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await dashboard("bills");
    await page.getByRole("button", { name: "Void BILL-2026-0418" }).click();
    await page.getByRole("button", { name: "Void the bill" }).click();
    await page.getByRole("link", { name: "Requests" }).click();
    await page.getByRole("button", { name: /^Copy as curl: POST \/billing\/bills\/bill_/ }).click();
    await page.getByText(/^Copied/).waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(copied).toContain("curl -X POST");
    expect(copied).not.toContain(shop.key);
  });

  it("search and filter, with totals per currency in its own decimals", async () => {
    const page = await dashboard("overview");
    await page.getByLabel("Totals in JPY").getByText("1,250,000").first().waitFor();
    await page.getByLabel("Totals in ZAR").getByText("2,708.50").waitFor();
    await page.getByRole("link", { name: "Customers", exact: true }).click();
    await page.getByRole("radio", { name: "In credit" }).check();
    await row(page, "CUST-40218").getByText("credit").waitFor();
    await row(page, "CUST-40217").waitFor({ state: "detached" });
    await page.getByRole("radio", { name: "All" }).check();
    await page.getByLabel("Search customers").fill("sakura");
    await row(page, "CUST-51908").waitFor();
    await row(page, "CUST-40217").waitFor({ state: "detached" });
  });

  it("pick up after a restart of the server what happened meanwhile, once", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tallystick-pages-"));
    await shop.close();
    shop = await openShop(`file:${folder}`);
    const page = await dashboard("overview");
    await shop.restart();
    await shop.post("/billing/customers", { external_reference: "CUST-MEANWHILE" });
    await page.getByRole("link", { name: "Customers", exact: true }).click();
    await row(page, "CUST-MEANWHILE").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    const { data } = await shop.get("/_mock/events?limit=500");
    await page.getByText(`Now, event ${data.length}`).waitFor();
    await shop.close();
    await rm(folder, { recursive: true });
  });

  it("begin anew where the book was reset elsewhere", async () => {
    const page = await dashboard("overview");
    await page.getByLabel("Totals in ZAR").waitFor();
    await shop.post("/_mock/reset", {});
    await page.getByText("An empty book").waitFor();
    await shop.post("/billing/customers", {
      external_reference: "CUST-NEW",
      currency: "USD",
      balance: 5,
    });
    await page.getByLabel("Totals in USD").getByText("0.05").first().waitFor();
  });

  it("pay once where the button is pressed twice", async () => {
    const page = await open(payPage("BILL-2026-0317"));
    await page.getByRole("button", { name: "Pay ZAR 251.00" }).dblclick();
    await page.getByRole("heading", { name: "Payment received" }).waitFor();
    expect(await paymentsOn("BILL-2026-0317")).toBe(2);
  });

  it("pay once where the line was cut after the payment, and the page was loaded again", async () => {
    await context.route("**/payments", async (route) => {
      await route.fetch();
      await route.abort("connectionreset");
    });
    const page = await open(payPage("BILL-2026-0317"));
    await page.getByLabel("Amount to pay").fill("51.00");
    await page.getByRole("button", { name: "Pay ZAR 51.00" }).click();
    await page.getByText("We do not know yet whether your payment arrived.").waitFor();
    expect(await page.getByLabel("Amount to pay").getAttribute("readonly")).not.toBeNull();
    await context.unroute("**/payments");
    await page.reload();
    expect(await page.getByLabel("Amount to pay").inputValue()).toBe("51.00");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Payment received" }).waitFor();
    await page.getByText("ZAR 200.00").waitFor();
    expect(await paymentsOn("BILL-2026-0317")).toBe(2);
  });

  it("say a refusal before it is sent, and what cannot be paid at all", async () => {
    const page = await open(payPage("BILL-2026-0317"));
    await page.getByText("any amount from ZAR 1.00 to ZAR 251.00").waitFor();
    await page.getByLabel("Amount to pay").fill("300");
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByText("The least").or(page.getByText("more than the ZAR 251.00")).waitFor();
    await page.getByLabel("Amount to pay").fill("0,5");
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByText("Write an amount in ZAR").waitFor();
    expect(await paymentsOn("BILL-2026-0317")).toBe(1);
    const states = {
      "BILL-2026-0216": "This bill is paid",
      "BILL-2026-0115": "This bill was cancelled",
      "BILL-2026-0418": "This cannot be paid online",
      "CUST-40218": "Nothing is owed",
      ob_nothing: "This link leads nowhere",
    };
    for (const [reference, words] of Object.entries(states)) {
      await page.goto(shop.url + payPage(reference));
      await page.getByRole("heading", { name: words }).waitFor();
    }
  });

  it("show markup in a name as text", async () => {
    const page = await dashboard("customers");
    await page.getByText("<script>alert(1)</script>").waitFor();
    expect(await page.locator("tbody script").count()).toBe(0);
  });

  it("can be used by keyboard: skip link first, dialogs give the focus back", async () => {
    const page = await dashboard("bills");
    await page.reload();
    await page.getByRole("button", { name: "Pay BILL-2026-0317" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.getByRole("button", { name: "Pay BILL-2026-0317" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Pay");
  });

  it("pass the accessibility check in the states between: key, past, refusal, receipt, empty, lost", async () => {
    const look = async (page: Page, name: string): Promise<void> => {
      await page.screenshot({ path: `${pictures}state-${name}.png`, fullPage: true });
      expect(await accessibilityFaults(page), name).toEqual([]);
    };
    const gate = await open("/");
    await gate.getByRole("button", { name: "Open the demo book" }).waitFor();
    await look(gate, "key");
    await gate.getByLabel("Secret key").fill("nonsense");
    await gate.getByRole("button", { name: "Open the book" }).click();
    await gate.getByText("A secret key looks like").waitFor();
    await look(gate, "key-refused");

    const payer = await open(payPage("CUST-40217"));
    await payer.getByLabel("Amount to pay").fill("0.50");
    await payer.getByRole("button", { name: "Pay ZAR 0.50" }).click();
    await payer.getByText("The least that can be paid is").waitFor();
    await look(payer, "refusal");
    await payer.getByLabel("Amount to pay").fill("483.50");
    await payer.getByRole("button", { name: "Pay ZAR 483.50" }).click();
    await payer.getByRole("heading", { name: "Payment received" }).waitFor();
    await look(payer, "receipt");
    await payer.emulateMedia({ media: "print" });
    await payer.screenshot({ path: `${pictures}state-receipt-on-paper.png` });

    const merchant = await dashboard("bills");
    await merchant.getByRole("button", { name: "Void BILL-2026-0317" }).click();
    await look(merchant, "void");
    await merchant.keyboard.press("Escape");
    await merchant.getByLabel("Position in the book").fill("20");
    await merchant.getByText(/^As of event 20/).waitFor();
    await look(merchant, "past");
    await merchant.getByRole("link", { name: "Overview" }).click();
    await shop.post("/_mock/reset", {});
    await merchant.getByText("An empty book").waitFor();
    await look(merchant, "empty");
    await shop.close();
    await merchant.getByText("Disconnected, trying again").waitFor();
    await look(merchant, "lost");
  });

  const sections = [
    "overview",
    "customers",
    "accounts",
    "bills",
    "events",
    "webhooks",
    "requests",
    "controls",
  ];
  it.each([
    ["light", 1440],
    ["dark", 1440],
    ["light", 360],
    ["dark", 360],
  ] as const)(
    "pass the accessibility check and fit the screen: %s, %i pixels",
    async (colorScheme, width) => {
      await context.close();
      context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
      const page = await dashboard("overview");
      const look = async (name: string): Promise<void> => {
        await page.screenshot({
          path: `${pictures}${colorScheme}-${width}-${name}.png`,
          fullPage: true,
        });
        expect(await accessibilityFaults(page), name).toEqual([]);
        expect(await sticksOut(page), name).toBe(false);
      };
      for (const section of sections) {
        await page.goto(`${shop.url}/#/${section}`);
        await page.getByRole("heading", { level: 1, name: section }).waitFor();
        await page.locator(".skeleton").first().waitFor({ state: "detached" });
        await look(section);
      }
      await page.getByRole("button", { name: "Inject a fault" }).click();
      await look("dialog");
      for (const reference of [...shop.obligations.keys(), "ob_nothing"]) {
        await page.goto(shop.url + payPage(reference));
        await page.getByRole("heading", { level: 1 }).waitFor();
        await look(`pay-${reference}`);
      }
    },
  );
});
