/** Ways to spoil a request. Each is drawn as data, so that a failing run shrinks to the one that matters. */
import fc from "fast-check";
import { type Sent, withHeader } from "./sent.ts";

/** Turns a request into another one, most often into a worse one. */
type Mutation = (sent: Sent) => Sent;

interface Named {
  readonly toString: () => string;
  readonly mutate: Mutation;
}

const named = (name: string, mutate: Mutation): Named => ({ toString: () => name, mutate });

const nested = (depth: number): unknown => {
  let value: unknown = [];
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
};

/** Values that are not what a member wants, as JSON. */
const oddValues: readonly string[] = [
  "null",
  "true",
  '""',
  '"x"',
  '"500"',
  "0",
  "-0",
  "-1",
  "1.5",
  "1e3",
  "1e999",
  "-1e999",
  "9007199254740993",
  "1000000000000001",
  "100000000",
  "[]",
  "{}",
  "[[]]",
  '{"__proto__":{"amount":1}}',
  '{"constructor":"x"}',
  '"\\ud83d"',
  '"\\udc00\\ud800"',
  '"a\\u0000b"',
  '"\\u202e\\ufeff"',
  '"bcus_x"',
  '"bill_x"',
  '"pay_x"',
  '"__proto__"',
  '"../../etc/passwd"',
  '"2026-02-30"',
  '"XXX"',
  JSON.stringify("x".repeat(300)),
  JSON.stringify("é".repeat(5000)),
  JSON.stringify(nested(20)),
  JSON.stringify(nested(40)),
  JSON.stringify(Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`k${n}`, "v"]))),
];

const oddNames: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "payment_rules",
  "balance",
  "metadata",
  "customer",
  "id",
  "",
  "\u0000",
  "\ud83d",
  "x".repeat(1000),
];

type Tree = null | boolean | number | string | readonly Tree[] | { readonly [name: string]: Tree };

/** Stands for a text of JSON that JSON.stringify would not write, until the text is made. */
const mark = "\u0001odd";

/** The n-th value of a tree, counted downwards, replaced by what `change` makes; undefined removes it. */
const changed = (
  tree: Tree,
  at: { left: number },
  change: (tree: Tree) => Tree | undefined,
): Tree | undefined => {
  at.left -= 1;
  if (at.left === -1) return change(tree);
  if (Array.isArray(tree))
    return tree.map((each) => changed(each, at, change)).filter((each) => each !== undefined);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree)
      .map(([name, each]) => [name, changed(each, at, change)] as const)
      .filter((entry): entry is readonly [string, Tree] => entry[1] !== undefined),
  );
};

const sizeOf = (tree: Tree): number => {
  if (typeof tree !== "object" || tree === null) return 1;
  return 1 + Object.values(tree).reduce<number>((sum, each) => sum + sizeOf(each), 0);
};

/** Undefined also for what is too deep or too large to be looked through. */
const parsed = (sent: Sent): Tree | undefined => {
  if (typeof sent.body !== "string" || sent.body.length > 50_000) return undefined;
  try {
    return JSON.parse(sent.body) as Tree;
  } catch {
    return undefined;
  }
};

/** The body with its n-th value changed, `odd` standing as it is where the change put the mark. */
const withValue = (
  sent: Sent,
  at: number,
  change: (tree: Tree) => Tree | undefined,
  odd = "null",
): Sent => {
  const tree = parsed(sent);
  if (tree === undefined) return sent;
  const next = changed(tree, { left: at % sizeOf(tree) }, change);
  const text = next === undefined ? "" : JSON.stringify(next);
  return { ...sent, body: text.replace(JSON.stringify(mark), () => odd) };
};

const isRecord = (tree: Tree): tree is { readonly [name: string]: Tree } =>
  typeof tree === "object" && tree !== null && !Array.isArray(tree);

const places = fc.nat({ max: 30 });

const valueMutations: fc.Arbitrary<Named> = fc.oneof(
  fc
    .tuple(places, fc.constantFrom(...oddValues))
    .map(([at, odd]) =>
      named(`value ${at} is ${odd.slice(0, 40)}`, (sent) => withValue(sent, at, () => mark, odd)),
    ),
  places.map((at) =>
    named(`value ${at} is missing`, (sent) => withValue(sent, at, () => undefined)),
  ),
  fc
    .tuple(places, fc.constantFrom(...oddNames), fc.constantFrom(...oddValues))
    .map(([at, name, odd]) =>
      named(`value ${at} has ${JSON.stringify(name).slice(0, 20)} too`, (sent) =>
        withValue(
          sent,
          at,
          (tree) =>
            isRecord(tree) ? Object.fromEntries([...Object.entries(tree), [name, mark]]) : tree,
          odd,
        ),
      ),
    ),
);

const textMutations: fc.Arbitrary<Named> = fc.oneof(
  fc
    .nat({ max: 200 })
    .map((length) =>
      named(`body cut at ${length}`, (sent) =>
        sent.body === undefined ? sent : { ...sent, body: sent.body.slice(0, length) },
      ),
    ),
  fc
    .constantFrom(
      "",
      " ",
      "{",
      "[]",
      "null",
      "'x'",
      '{"amount":1,}',
      '{"external_reference":"D-1","external_reference":"D-2"}',
      "\ufeff{}",
      "NaN",
      `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
      `{"external_reference":"${"x".repeat(1_048_576)}"}`,
      "external_reference=C-1&balance=5",
    )
    .map((body) => named(`body ${body.slice(0, 30)}`, (sent) => ({ ...sent, body }))),
  fc
    .uint8Array({ minLength: 1, maxLength: 40 })
    .map((body) => named("body of any bytes", (sent) => ({ ...sent, body: new Uint8Array(body) }))),
  fc.nat({ max: 400 }).map((at) =>
    named(`byte ${at} of the body is 0xff`, (sent) => {
      const bytes = new TextEncoder().encode(String(sent.body ?? ""));
      if (bytes.length > 0) bytes[at % bytes.length] = 0xff;
      return { ...sent, body: bytes };
    }),
  ),
);

const header = (name: string, ...values: readonly (string | undefined)[]): fc.Arbitrary<Named> =>
  fc
    .constantFrom(...values)
    .map((value) =>
      named(`${name}: ${value?.slice(0, 40)}`, (sent) => withHeader(sent, name, value)),
    );

const headerMutations: fc.Arbitrary<Named> = fc.oneof(
  header(
    "content-type",
    undefined,
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "application/problem+json",
    "APPLICATION/JSON",
    "multipart/form-data; boundary=x",
    ";",
  ),
  header(
    "idempotency-key",
    undefined,
    "",
    "a_b",
    "a b",
    "a,b",
    "once-for-all",
    "x".repeat(255),
    "x".repeat(256),
    "\u00e9",
  ),
  header(
    "authorization",
    undefined,
    "",
    "Bearer",
    "Basic c2s6",
    "Bearer pk_test_a",
    "Bearer sk_test_",
    "bearer   sk_test_other",
    "Bearer sk_test_9rZk3Lm0, Bearer sk_test_other",
    `Bearer sk_test_${"x".repeat(1000)}`,
  ),
  header("last-event-id", "0", "-1", "x", "999999999999999", "1e3", ""),
  header("content-encoding", "gzip", "br"),
  header("accept", "text/html", "application/xml;q=0", ""),
  header("x-http-method-override", "DELETE"),
  header("if-none-match", "*"),
  header("origin", "https://evil.example"),
);

const oddSegments = [
  "%00",
  "%ff",
  "%ud83d",
  "%",
  "%2e%2e",
  "..%2f",
  "a%2Fb",
  "a%20b",
  "__proto__",
  "constructor",
  "{bill}",
  "*",
  ":id",
  "%F0%9F%92%B6",
  "x".repeat(300),
  "bill_x",
  "bcus_",
  "NONE",
];
const oddQueries = [
  "?",
  "?limit=0",
  "?limit=1&limit=2",
  "?limit=501",
  "?limit=1e2",
  "?limit=%00",
  "?after=-1",
  "?after=nonsense",
  "?after=999999999999999",
  "?after=%F0%28",
  "?colour=red",
  "?__proto__=x&constructor=y",
  "?status=voided",
  "?customer=NOBODY",
  "?customer=%20",
  "?owing=TRUE",
  "?merchant=nobody",
  "?=",
  `?x=${"y".repeat(2000)}`,
];

const pathMutations: fc.Arbitrary<Named> = fc.oneof(
  fc.tuple(fc.nat({ max: 5 }), fc.constantFrom(...oddSegments)).map(([at, segment]) =>
    named(`segment ${at} is ${segment.slice(0, 20)}`, (sent) => {
      const [path = "", query] = sent.path.split("?");
      const segments = path.split("/");
      segments[1 + (at % (segments.length - 1))] = segment;
      return { ...sent, path: segments.join("/") + (query === undefined ? "" : `?${query}`) };
    }),
  ),
  fc
    .constantFrom(...oddQueries)
    .map((query) =>
      named(query.slice(0, 30), (sent) => ({ ...sent, path: sent.path.split("?")[0] + query })),
    ),
  fc
    .constantFrom("/", "//", "/../x", "/.", "%20", ";a=b", "#x")
    .map((tail) =>
      named(`tail ${tail}`, (sent) => ({ ...sent, path: sent.path.split("?")[0] + tail })),
    ),
  fc.constant(named("path in capitals", (sent) => ({ ...sent, path: sent.path.toUpperCase() }))),
);

const methodMutations: fc.Arbitrary<Named> = fc
  .constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW")
  .map((method) => named(`method ${method}`, (sent) => ({ ...sent, method })));

/** One of any kind, members of the body most often. */
export const mutations: fc.Arbitrary<Named> = fc.oneof(
  { weight: 8, arbitrary: valueMutations },
  { weight: 3, arbitrary: textMutations },
  { weight: 3, arbitrary: headerMutations },
  { weight: 3, arbitrary: pathMutations },
  { weight: 1, arbitrary: methodMutations },
);
