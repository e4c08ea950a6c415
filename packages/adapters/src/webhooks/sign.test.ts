import { expect, it } from "vitest";
import { signWebhook } from "./sign.ts";

const vector = {
  secret: "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=",
  id: "msg_63FfkCzJr4i0B3JrTAwR4y9ojfl",
  timestamp: 1_772_442_900,
  body: `{"id":"evt_y4Qwb8DwkNhFdnXsiVpzz","type":"obligation.amount_applied","data":{"id":"ob_vj7FAc9QeWJKY40uvSwMFLZ","amount":12550,"currency":"ZAR","payment_id":"pay_De1f8rESQedUStPKR0CsT","bill_id":"bill_J2isAjIhKtJ0RlgLKOmxg","created_at":"2026-03-02T09:15:00Z","updated_at":"2026-03-02T09:15:00Z"}}`,
};

it("signs the test vector of spec 6.4", () => {
  expect(Buffer.byteLength(vector.body)).toBe(296);
  expect(signWebhook(vector)).toEqual({
    "webhook-id": "msg_63FfkCzJr4i0B3JrTAwR4y9ojfl",
    "webhook-timestamp": "1772442900",
    "webhook-signature": "v1,8JuH+ILtfNd8IkrBX9Hw+a/sQoGuKlxnTcgJY5caJ5M=",
  });
});

it("signs bytes and the text that they spell alike", () => {
  const body = `${vector.body} ünïcödé 🧾`;
  expect(signWebhook({ ...vector, body: Buffer.from(body) })).toEqual(
    signWebhook({ ...vector, body }),
  );
});

it("signs with every secret during a rotation, the newest first", () => {
  const { secret, ...message } = vector;
  const one = (each: string) => signWebhook({ ...message, secret: each })["webhook-signature"];
  expect(signWebhook({ ...message, secrets: ["the new one", secret] })["webhook-signature"]).toBe(
    `${one("the new one")} ${one(secret)}`,
  );
});

it.each([
  ["an id with a dot, which could stand for another message", { id: "msg_1.2" }],
  ["an id with a comma, which reads as two headers", { id: "a,b" }],
  ["an id with a space", { id: "a b" }],
  ["an empty id", { id: "" }],
  ["an id of more than 255 characters", { id: "a".repeat(256) }],
  ["a timestamp in milliseconds", { timestamp: 1_772_442_900_000 }],
  ["a fraction of a second", { timestamp: 1.5 }],
  ["a time before 1970", { timestamp: -1 }],
])("refuses %s", (_, change) => {
  expect(() => signWebhook({ ...vector, ...change })).toThrow(
    expect.objectContaining({ code: "INVALID_INPUT" }),
  );
});
