import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { generateSecret } from "./secret.ts";
import { signWebhook } from "./sign.ts";
import { type VerifyInput, verifyWebhook } from "./verify.ts";

const secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const other = "whsec_IB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE=";
const timestamp = 1_772_442_900;
const now = timestamp * 1000;
const body = '{"id":"evt_1","type":"obligation.amount_applied"}';
const headers = signWebhook({ secret, id: "msg_1", timestamp, body });
const signatureBy = (each: string) =>
  signWebhook({ secret: each, id: "msg_1", timestamp, body })["webhook-signature"];

const verify = (change: Partial<VerifyInput> = {}, by: string | readonly string[] = secret) =>
  verifyWebhook({
    headers,
    body,
    now,
    ...change,
    ...(typeof by === "string" ? { secret: by } : { secrets: by }),
  });
const accepted = { ok: true, id: "msg_1", timestamp };
const refused = (reason: string) => expect.objectContaining({ ok: false, reason });

describe("a genuine delivery", () => {
  it("is accepted, and its id and time are given", () => {
    expect(verify()).toEqual(accepted);
    expect(verify({ body: Buffer.from(body) })).toEqual(accepted);
    expect(verify({ headers: new Headers({ ...headers }) })).toEqual(accepted);
  });

  it("has its headers found in any case", () => {
    const shouted = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]);
    expect(verify({ headers: Object.fromEntries(shouted) as never })).toEqual(accepted);
  });

  it("may carry several signatures, one of which has to match", () => {
    const signatures = [signatureBy(other), signatureBy(secret)];
    for (const list of [signatures, signatures.toReversed()])
      expect(verify({ headers: { ...headers, "webhook-signature": list.join(" ") } })).toEqual(
        accepted,
      );
  });

  it("may carry versions that we do not know beside v1, and those count for nothing", () => {
    const ours = signatureBy(secret);
    const both = { ...headers, "webhook-signature": `v1a,c2lnbmF0dXJl v2,AAAA ${ours}` };
    expect(verify({ headers: both })).toEqual(accepted);
    const unknown = { ...headers, "webhook-signature": ours.replace("v1,", "v2,") };
    expect(verify({ headers: unknown })).toEqual(refused("bad_signature"));
  });

  it("is accepted while the receiver knows the old key, the new key, or both", () => {
    const rotating = signWebhook({ secrets: [other, secret], id: "msg_1", timestamp, body });
    expect(verify({ headers: rotating }, other)).toEqual(accepted);
    expect(verify({ headers: rotating }, secret)).toEqual(accepted);
    expect(verify({}, [other, secret])).toEqual(accepted);
    expect(verify({}, [secret, other])).toEqual(accepted);
    expect(verify({}, other)).toEqual(refused("bad_signature"));
  });
});

describe("the window", () => {
  it("reaches three minutes each way, to the millisecond", () => {
    expect(verify({ now: now + 180_000 })).toEqual(accepted);
    expect(verify({ now: now + 180_001 })).toEqual(refused("stale_timestamp"));
    expect(verify({ now: now - 180_000 })).toEqual(accepted);
    expect(verify({ now: now - 180_001 })).toEqual(refused("future_timestamp"));
  });

  it("can be made wider or narrower, down to nothing", () => {
    expect(verify({ now: now + 600_000, toleranceMs: 600_000 })).toEqual(accepted);
    expect(verify({ toleranceMs: 0 })).toEqual(accepted);
    expect(verify({ now: now + 1, toleranceMs: 0 })).toEqual(refused("stale_timestamp"));
    expect(verify({ now: now - 1, toleranceMs: 0 })).toEqual(refused("future_timestamp"));
  });

  it("cannot be made senseless", () => {
    for (const toleranceMs of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => verify({ toleranceMs })).toThrow("toleranceMs");
    expect(() => verify({ now: Number.NaN })).toThrow("now");
  });
});

describe("headers", () => {
  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"])("need %s", (name) => {
    const { [name as keyof typeof headers]: _, ...rest } = headers;
    expect(verify({ headers: rest })).toEqual(refused("missing_header"));
    expect(verify({ headers: { ...rest, [name]: "" } })).toEqual(refused("missing_header"));
  });

  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"])("need %s only once", (name) => {
    const value = headers[name as keyof typeof headers];
    const twice = new Headers({ ...headers });
    twice.append(name, value);
    expect(verify({ headers: twice })).toEqual(refused("malformed_header"));
    expect(verify({ headers: { ...headers, [name]: [value, value] } })).toEqual(
      refused("malformed_header"),
    );
    expect(verify({ headers: { ...headers, [name.toUpperCase()]: value } })).toEqual(
      refused("malformed_header"),
    );
  });

  it.each([
    ["1772442900.0"],
    ["+1772442900"],
    ["-1"],
    ["01772442900"],
    ["1772442900 "],
    ["1.7724429e9"],
    ["0x69a5"],
    ["1772442900000"],
    ["١٧٧٢٤٤٢٩٠٠"],
    ["2026-03-02T09:15:00Z"],
  ])("need a timestamp in plain whole seconds, unlike %j", (value) => {
    expect(verify({ headers: { ...headers, "webhook-timestamp": value } })).toEqual(
      refused("malformed_header"),
    );
  });

  it.each([["v1"], ["v1,"], [",abc"], ["garbage"], ["v1,a,v1,b"]])(
    "need signatures with a version, unlike %j",
    (value) => {
      expect(verify({ headers: { ...headers, "webhook-signature": value } })).toEqual(
        refused("malformed_header"),
      );
    },
  );

  it("are judged before the signature: missing, malformed, stale", () => {
    const forged = { ...headers, "webhook-signature": "v1,AAAA" };
    expect(verify({ headers: forged, now: now + 999_999 })).toEqual(refused("stale_timestamp"));
    expect(verify({ headers: { ...forged, "webhook-timestamp": "x" }, now: 0 })).toEqual(
      refused("malformed_header"),
    );
  });
});

/** Any text that is no half of a surrogate pair; any id that may be signed; any secret. */
const bodies = fc.string({ unit: "binary", maxLength: 200 });
const ids = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const secrets = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => generateSecret(() => bytes, bytes.length));

describe("tampering", () => {
  it("with any byte of the body is found", () => {
    fc.assert(
      fc.property(
        bodies.filter((text) => text !== ""),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (text, place, mask) => {
          const bytes = Buffer.from(text);
          const signed = signWebhook({ secret, id: "msg_1", timestamp, body: bytes });
          expect(verify({ headers: signed, body: bytes })).toEqual(accepted);
          const tampered = bytes.map((byte, at) =>
            at === place % bytes.length ? byte ^ mask : byte,
          );
          expect(verify({ headers: signed, body: tampered })).toEqual(refused("bad_signature"));
        },
      ),
    );
  });

  it("with any character of any header is found, down to the bits that base64 does not use", () => {
    const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
    for (const [name, value] of Object.entries(headers))
      for (let at = 0; at < value.length; at += 1)
        for (const letter of printable) {
          if (letter === value[at]) continue;
          const changed = value.slice(0, at) + letter + value.slice(at + 1);
          expect(verify({ headers: { ...headers, [name]: changed } }).ok).toBe(false);
        }
  });

  it("with the length, by cutting or adding at either end, is found", () => {
    for (const changed of [body.slice(1), body.slice(0, -1), `${body}\n`, ` ${body}`, ""])
      expect(verify({ body: changed })).toEqual(refused("bad_signature"));
  });
});

describe("the npm library standardwebhooks", () => {
  afterEach(() => vi.useRealTimers());

  it("verifies what we sign, whatever the body, the secret and the id", () => {
    vi.useFakeTimers({ now, toFake: ["Date"] });
    fc.assert(
      fc.property(bodies, secrets, secrets, ids, (text, newer, older, id) => {
        const signed = signWebhook({ secrets: [newer, older], id, timestamp, body: text });
        for (const each of [newer, older])
          expect(() =>
            new Webhook(each).verify(text, { ...signed }, { jsonParse: false }),
          ).not.toThrow();
      }),
    );
  });

  it("signs what we verify, whatever the body, the secret and the id", () => {
    fc.assert(
      fc.property(bodies, secrets, ids, (text, each, id) => {
        const signature = new Webhook(each).sign(id, new Date(now), text);
        const signed = {
          "webhook-id": id,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": signature,
        };
        expect(verify({ headers: signed, body: text }, each)).toEqual({ ok: true, id, timestamp });
        expect(verify({ headers: signed, body: Buffer.from(text) }, each).ok).toBe(true);
      }),
    );
  });
});
