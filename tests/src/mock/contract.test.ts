/** The judge of every answer can condemn: each way of not being as the document says is found. */
import type { MockServer } from "@tallystick/mock-server";
import { describe, expect, it } from "vitest";
import type { JudgedAnswer } from "./contract.ts";
import { clientOf, judgeOf, startWithObjects } from "./support.ts";

const url = new URL("http://mock.test/billing/bills/BILL-1");

const judged = async () => {
  const client = await startWithObjects();
  const judge = await judgeOf(client.server);
  const { body } = await client.get("/billing/bills/BILL-1");
  const answer = (change: Partial<JudgedAnswer> = {}): JudgedAnswer => ({
    method: "GET",
    url,
    status: 200,
    headers: new Headers({ "content-type": "application/json" }),
    text: JSON.stringify(body),
    ...change,
  });
  const bodyWith = (change: object): string => JSON.stringify({ ...body, ...change });
  return { client, judge, answer, bodyWith };
};

describe("the judge", () => {
  it("finds nothing wrong with an answer that is as the document says", async () => {
    const { judge, answer } = await judged();
    expect(judge(answer())).toEqual([]);
    expect(judge(answer({ method: "HEAD", text: "" }))).toEqual([]);
  });

  it("finds a status, a media type, a member, a value and a text that the document does not tell of", async () => {
    const { judge, answer, bodyWith } = await judged();
    const html = new Headers({ "content-type": "text/html" });
    for (const [change, told] of [
      [{ status: 202 }, "202 is not documented for retrieveBill"],
      [{ status: 418 }, "418 is not documented for retrieveBill"],
      [{ headers: html }, "the body is text/html"],
      [{ headers: new Headers(), text: "" }, "there is no body"],
      [{ text: bodyWith({ colour: "red" }) }, "must NOT have additional properties"],
      [{ text: bodyWith({ amount_due: 1.5 }) }, "body/amount_due must be integer"],
      [{ text: bodyWith({ status: "overdue" }) }, "body/status must be equal"],
      [{ text: bodyWith({ id: undefined }) }, "must have required property 'id'"],
      [{ text: "{" }, "the body is no JSON"],
    ] as const)
      expect(judge(answer(change)).join("; ")).toContain(told);
  });

  it("finds a problem that is none, and a header that is missing", async () => {
    const { client, judge, answer } = await judged();
    const { status, headers, text } = await client.get("/billing/bills/BILL-1", { key: null });
    const refused = answer({ status, headers, text });
    expect(judge(refused)).toEqual([]);
    const problem = new Headers({ "content-type": "application/problem+json" });
    expect(judge({ ...refused, headers: problem })).toEqual([
      "the header WWW-Authenticate is missing",
    ]);
    const plain = new Headers(headers);
    plain.set("content-type", "application/json");
    expect(judge({ ...refused, headers: plain })).toEqual(["the body is application/json"]);
    expect(judge({ ...refused, text: '{"status":401}' }).join()).toContain("title");
    const other = text.replace('"status":401', '"status":403');
    expect(judge({ ...refused, text: other })).toEqual(["the problem tells of another status"]);
  });

  it("finds an answer where nothing is documented", async () => {
    const { judge, answer } = await judged();
    const nowhere = new URL("http://mock.test/billing/obligations");
    expect(judge(answer({ url: nowhere }))).toEqual(["200 at an address that is not documented"]);
    expect(judge(answer({ method: "PUT" }))).toEqual(["200 to a method that is not documented"]);
  });

  it("sits where the tests make their requests", async () => {
    const { client } = await judged();
    const { server } = client;
    const wrong: MockServer = {
      ...server,
      fetch: async (request) => {
        const response = await server.fetch(request);
        if (request.url.endsWith("/openapi.json")) return response;
        return new Response(response.body, { headers: response.headers, status: 206 });
      },
    };
    await expect(clientOf(wrong).get("/billing/bills/BILL-1")).rejects.toThrow(
      /206 is not documented for retrieveBill/,
    );
  });
});
