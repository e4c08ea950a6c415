import { test } from "vitest";
import { openLedger, endOfDay, parseMajor, isTimeZone, parseInstant } from "@tallystick/core";
import { memoryStore } from "@tallystick/adapters/memory";
import { seededHost } from "@tallystick/adapters/host";
const attempt = async (name: string, f: () => unknown) => {
  try { const r = await f(); console.log(name, "=>", JSON.stringify(r, (k,v)=> typeof v === "bigint" ? String(v): v)?.slice(0, 900)); }
  catch (e: any) { console.log(name, "!!", e.name, e.code, e.message?.slice(0,300), JSON.stringify(e.detail)?.slice(0,600)); }
};
test("probe", async () => {
  const L = (o: any = {}) => openLedger({ store: memoryStore({ host: seededHost() }), ...o });
  await attempt("null account", () => L().createBill({ externalReference: "b", currency: "ZAR", amountDue: 1, account: null as any }));
  await attempt("null customer", () => L().createAccount({ externalReference: "b", customer: null as any }));
  await attempt("nested unknown", () => L().createAccount({ externalReference: "b", customer: { externalReference: "x", nam: "y" } as any }));
  await attempt("nested unknown + fault", () => L().createAccount({ externalReference: "b", customer: { externalReference: "x y", nam: "y" } as any }));
  await attempt("nested bill deep", () => L().createBill({ externalReference: "b", currency: "ZAR", amountDue: 1.5, account: { externalReference: "bacc_x", balance: 5, customer: { externalReference: "", phone: "1" } } as any }));
  await attempt("customer 5", () => L().createAccount({ externalReference: "b", customer: 5 as any }));
  await attempt("undefined rules", async () => { const l = L({ paymentRules: { customer: undefined } }); await l.createCustomer({ externalReference: "c", currency: "ZAR", balance: 5 }); return l.retrieveCustomer("c"); });
  await attempt("undefined limits", async () => { const l = L({ metadataLimits: { keys: undefined } }); return l.createCustomer({ externalReference: "c", metadata: Object.fromEntries(Array.from({length: 20}, (_, i) => ["k"+i, "v"])) }); });
  for (const tz of ["Africa/Johannesburg", "Pacific/Honolulu", "Pacific/Kiritimati"]) await attempt("eod9999 " + tz, () => endOfDay("9999-12-31", tz));
  for (const tz of ["Africa/Johannesburg", "Pacific/Honolulu", "Pacific/Kiritimati"]) await attempt("eod0001 " + tz, () => endOfDay("0001-01-01", tz));
  await attempt("st johns", () => [endOfDay("2010-11-06", "America/St_Johns"), endOfDay("2010-11-07", "America/St_Johns")]);
  await attempt("sao paulo", () => [endOfDay("2018-02-17", "America/Sao_Paulo"), endOfDay("2018-11-03", "America/Sao_Paulo")]);
  await attempt("apia", () => endOfDay("2011-12-30", "Pacific/Apia"));
  await attempt("parse", () => [parseMajor("1.500", "ZAR"), parseMajor("007.5", "ZAR"), parseMajor("-0.00", "ZAR"), parseMajor("1.0","JPY")]);
  await attempt("mirror md", async () => { const l = L(); const base = { object: "customer", id: "bcus_a", externalReference: "c" } as const;
    const out = [];
    for (const metadata of [{ a: "1", b: "2" }, { b: "2" }, { b: "2" }]) out.push((await l.mirror({ ...base, metadata })).outcome);
    return out; });
  await attempt("sync throw", () => { try { const p = L().updateCustomer("x", { nam: 1 } as any); p.catch(() => {}); return "rejects"; } catch { return "throws synchronously"; } });
  await attempt("proto md", async () => { const l = L(); const md = JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}');
    await l.createCustomer({ externalReference: "constructor", metadata: md });
    await l.updateCustomer("constructor", { metadata: JSON.parse('{"__proto__":"q"}') , name: "n"});
    return [(await l.retrieveCustomer("constructor")).metadata!["__proto__"], await l.retrieveCustomer("constructor")]; });
  await attempt("proto ref", async () => { const l = L(); await l.createCustomer({ externalReference: "__proto__" }); return l.retrieveCustomer("__proto__"); });
  await attempt("voided mirror", async () => { const l = L(); await l.createCustomer({ id: "bcus_a", externalReference: "c" }); await l.createBill({ id: "bill_a", customer: "c", externalReference: "b", currency: "ZAR", amountDue: 100 }); await l.voidBill("b");
    return l.mirror({ object: "bill", id: "bill_a", customerId: "bcus_a", externalReference: "b", status: "voided", currency: "ZAR", amountDue: 100, amountPaid: 0, amountRemaining: 100 }); });
  await attempt("mirror twice no rules", async () => { const l = L(); await l.mirror({ object: "customer", id: "bcus_a", externalReference: "c" }); return (await l.mirror({ object: "customer", id: "bcus_a", externalReference: "c" })).outcome; });
});
