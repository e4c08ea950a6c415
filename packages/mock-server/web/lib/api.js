/**
 * Requests to the server that this page came from. A refusal is thrown as `ApiProblem` with what the
 * problem document says; a request that found no answer, as one with status 0.
 */

/**
 * @typedef {object} Problem
 * @property {string} [title]
 * @property {string} [detail]
 * @property {string} [code]
 * @property {readonly { field?: string, pointer?: string, message?: string, detail?: string }[]} [errors]
 */

export class ApiProblem extends Error {
  /** @param {number} status 0: no answer came @param {Problem} problem */
  constructor(status, problem) {
    const faults = (problem.errors ?? [])
      .map((fault) => [fault.field ?? fault.pointer, fault.message ?? fault.detail].join(" "))
      .filter((text) => text.trim() !== "");
    super([problem.detail ?? problem.title ?? `Status ${status}`, ...faults].join(" · "));
    this.status = status;
    this.code = problem.code;
  }
}

/**
 * @param {Response} response
 * @returns {Promise<any>} the body, undefined where there is none
 */
const answerOf = async (response) => {
  const text = await response.text();
  let body;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    throw new ApiProblem(response.status, { detail: `${response.status}: the answer is no JSON` });
  }
  if (!response.ok) throw new ApiProblem(response.status, body ?? {});
  return body;
};

/**
 * @param {string} path
 * @param {RequestInit} init
 */
export const request = async (path, init = {}) => {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiProblem(0, { detail: "The server did not answer. Is it still running?" });
  }
  return answerOf(response);
};

/**
 * @typedef {ReturnType<typeof createApi>} Api
 * @param {string} key
 */
export const createApi = (key) => {
  const authorization = `Bearer ${key}`;
  /** @param {string} method @param {string} path @param {unknown} [body] @param {string} [idempotencyKey] */
  const send = (method, path, body, idempotencyKey) => {
    const headers = new Headers({ authorization });
    if (body !== undefined) headers.set("content-type", "application/json");
    if (idempotencyKey !== undefined) headers.set("idempotency-key", idempotencyKey);
    const json = body === undefined ? null : JSON.stringify(body);
    return request(path, { method, headers, body: json });
  };
  return {
    authorization,
    /** @param {string} path @param {Record<string, string | number | undefined>} [query] */
    get: (path, query = {}) => {
      const given = Object.entries(query).filter(
        ([, value]) => value !== undefined && value !== "",
      );
      const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
      return send("GET", given.length === 0 ? path : `${path}?${search}`);
    },
    /** @param {string} path @param {unknown} [body] @param {string} [idempotencyKey] */
    post: (path, body, idempotencyKey) => send("POST", path, body, idempotencyKey),
    /** @param {string} path @param {unknown} body */
    put: (path, body) => send("PUT", path, body),
    /** @param {string} path */
    delete: (path) => send("DELETE", path),
  };
};
