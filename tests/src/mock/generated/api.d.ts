// Written by typed-client.test.ts from the OpenAPI document of the mock server.
export interface paths {
    "/billing/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a customer */
        post: operations["createCustomer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/customers/{customer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Retrieve a customer */
        get: operations["retrieveCustomer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Update a customer */
        patch: operations["updateCustomer"];
        trace?: never;
    };
    "/billing/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create an account, and its customer where that is given as an object */
        post: operations["createAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/accounts/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Retrieve an account */
        get: operations["retrieveAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Update an account */
        patch: operations["updateAccount"];
        trace?: never;
    };
    "/billing/bills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a bill, and its owners where they are given as objects */
        post: operations["createBill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/bills/{bill}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Retrieve a bill */
        get: operations["retrieveBill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Correct what was paid on a bill, or its metadata */
        patch: operations["updateBill"];
        trace?: never;
    };
    "/billing/bills/{bill}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Void a bill for good; a body is not looked at */
        post: operations["voidBill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List payments with their obligations, oldest first */
        get: operations["listPayments"];
        put?: never;
        /** Pay a customer's balance, an account's balance or a bill */
        post: operations["createPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/payments/{payment_id}/reverse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a payment back, whole or in part */
        post: operations["reversePayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/payment_rules/{kind}/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say what a customer, an account or a bill accepts; null: nothing */
        put: operations["setPaymentRules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List customers, oldest first */
        get: operations["listCustomers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List accounts, oldest first */
        get: operations["listAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/bills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List bills, oldest first */
        get: operations["listBills"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the book's events by position */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as server-sent events, then those that come; goes on behind Last-Event-ID */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the newest thousand requests, oldest first */
        get: operations["listRequests"];
        put?: never;
        post?: never;
        /** Empty the journal */
        delete: operations["clearRequests"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the merchant has settled */
        get: operations["retrieveSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change settings; objects are merged one level deep */
        patch: operations["updateSettings"];
        trace?: never;
    };
    "/_mock/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the merchant's clock says */
        get: operations["retrieveClock"];
        /** Stop the clock at an instant, or let it run */
        put: operations["setClock"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/clock/advance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a stopped clock forward; what becomes due happens on the way */
        post: operations["advanceClock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/webhook_endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where webhooks go */
        get: operations["listWebhookEndpoints"];
        put?: never;
        /** Send webhooks to a URL, from now on */
        post: operations["createWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/webhook_endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Send no more webhooks there; what is planned is dropped */
        delete: operations["deleteWebhookEndpoint"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/webhook_endpoints/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new secret; the one before signs beside it for 24 hours */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every attempt to deliver, made or planned */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/events/{event}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an event once more to every endpoint */
        post: operations["redeliverEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What will go wrong yet, oldest first */
        get: operations["listFaults"];
        put?: never;
        /** Let requests or webhooks go wrong */
        post: operations["createFault"];
        /** Let nothing go wrong any more */
        delete: operations["deleteFaults"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a new, empty generation of the book */
        post: operations["reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete the key: 403 on /billing until a reset */
        delete: operations["deleteKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The book as UTF-8 JSON Lines: a header, then one commit a line */
        get: operations["retrieveSnapshot"];
        /** Restore a book into an empty merchant, all of it or nothing */
        put: operations["restoreSnapshot"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_mock/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin another merchant's book as this one is, or was at a position */
        post: operations["fork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pay/{obligation}/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is owed under a pay link */
        get: operations["retrievePayDetails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pay/{obligation}/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pay under a link; 200 where the same payment was sent before */
        post: operations["payUnderLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        PaymentRules: {
            min_amount: number;
            max_amount: number;
            underpayment_allowed: boolean;
            overpayment_allowed: boolean;
        };
        Customer: {
            id: string;
            external_reference: string;
            name?: string;
            email?: string;
            phone?: string;
            /** @description ISO 4217. */
            currency?: string;
            /** @description Minor units; negative is credit. Given only where a balance is tracked. */
            balance?: number;
            payment_rules?: components["schemas"]["PaymentRules"];
            metadata?: {
                [key: string]: string;
            };
        };
        /** @description RFC 9457. */
        Problem: {
            /** Format: uri */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description The path of the request. */
            instance: string;
            /** @enum {string} */
            code: "invalid_request" | "unauthorized" | "forbidden" | "not_found" | "payment_not_found" | "method_not_allowed" | "request_timeout" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unprocessable" | "rate_limited" | "headers_too_large" | "internal_error" | "bad_gateway" | "service_unavailable" | "gateway_timeout";
            /** @description The ledger's own code, finer than `code`. */
            reason?: string;
            /** @description Every fault of the request. */
            errors?: {
                field: string;
                message: string;
            }[];
        };
        Account: {
            id: string;
            external_reference: string;
            customer_id: string;
            name?: string;
            /** @description ISO 4217. */
            currency?: string;
            /** @description Minor units; negative is credit. Given only where a balance is tracked. */
            balance?: number;
            payment_rules?: components["schemas"]["PaymentRules"];
            metadata?: {
                [key: string]: string;
            };
        };
        Bill: {
            id: string;
            external_reference: string;
            customer_id: string;
            account_id?: string;
            /** @enum {string} */
            status: "unpaid" | "paid" | "voided";
            /** @description ISO 4217. */
            currency: string;
            /** @description Minor units. */
            amount_due: number;
            /** @description Minor units. */
            amount_paid: number;
            /** @description Minor units. */
            amount_remaining: number;
            /** Format: date */
            bill_date?: string;
            /** Format: date */
            due_date?: string;
            payment_rules?: components["schemas"]["PaymentRules"];
            metadata?: {
                [key: string]: string;
            };
        };
        Payment: {
            id: string;
            /** @description Minor units. */
            amount: number;
            /** @description ISO 4217. */
            currency: string;
            /** @constant */
            status: "succeeded";
        };
        /** @description What was paid, as it stands after it. */
        Obligation: {
            id: string;
            /** @enum {string} */
            kind: "customer_balance" | "account_balance" | "bill";
            /** @description ISO 4217. */
            currency?: string;
            /** @description Minor units; negative is credit. Given only where a balance is tracked. */
            balance?: number;
        };
        /** @description The body of the webhook. */
        AmountApplied: {
            id: string;
            /** @constant */
            type: "obligation.amount_applied";
            data: {
                id: string;
                /** @description Minor units. */
                amount: number;
                /** @description ISO 4217. */
                currency: string;
                payment_id: string;
                customer_id?: string;
                account_id?: string;
                bill_id?: string;
                metadata?: {
                    [key: string]: string;
                };
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                updated_at: string;
            };
        };
        ListedPayment: {
            id: string;
            /** @description Minor units: all of it in its currency, whether taken back since or not. */
            amount: number;
            /** @description ISO 4217. */
            currency: string;
            /** @enum {string} */
            status: "succeeded" | "reversed" | "suspended";
            obligations: {
                id: string;
                /** @enum {string} */
                kind: "customer_balance" | "account_balance" | "bill";
                customer_id: string;
                account_id?: string;
                bill_id?: string;
                /** @description Minor units. */
                amount: number;
                /** @description ISO 4217. */
                currency: string;
                /** @description Minor units. */
                amount_reversed: number;
            }[];
            /** @description What waits for its obligation, by what was named. */
            suspended?: {
                customer?: string;
                account?: string;
                bill?: string;
                /** @description Minor units. */
                amount: number;
                /** @description ISO 4217. */
                currency: string;
            }[];
        };
        Event: {
            id: string;
            /** @enum {string} */
            type: "customer.created" | "customer.updated" | "account.created" | "account.updated" | "bill.created" | "bill.updated" | "bill.voided" | "obligation.opened" | "obligation.balance_asserted" | "obligation.amount_charged" | "obligation.amount_credited" | "obligation.amount_applied" | "obligation.application_reversed" | "obligation.application_undone" | "obligation.application_restored" | "obligation.payment_rules_set" | "payment.suspended" | "payment.matched" | "payment.match_undone" | "reconciliation.match_accepted" | "reconciliation.acceptance_undone";
            schema_version: number;
            /** @description Such as `bill/bill_…`. */
            stream_id: string;
            /** @description In the stream, from 1. */
            revision: number;
            /** @description In the book, from 1 and without gaps. */
            position: number;
            /** Format: date-time */
            recorded_at: string;
            /** Format: date-time */
            effective_at: string;
            correlation_id?: string;
            causation_id?: string;
            actor?: string;
            idempotency_key?: string;
            data: {
                [key: string]: unknown;
            };
            personal?: {
                [key: string]: unknown;
            };
        };
        Request: {
            /** @description Counts up. */
            id: number;
            /** Format: date-time */
            at: string;
            method: string;
            /** @description With its query. Keys and secrets are masked everywhere. */
            path: string;
            /** @description 0 where the connection was cut before anything was done. */
            status: number;
            /** @description What went wrong on purpose. */
            fault?: string;
            idempotency_key?: string;
            /** @constant */
            idempotent_replayed?: true;
            /** @description Cut off behind 16 KiB. */
            request_body?: string;
            /** @description Cut off behind 16 KiB. */
            response_body?: string;
            /** @description What the request wrote. */
            events: string[];
        };
        Settings: {
            payment_rules: {
                customer: components["schemas"]["PaymentRules"] | null;
                account: components["schemas"]["PaymentRules"] | null;
                bill: components["schemas"]["PaymentRules"] | null;
            };
            currencies: string[];
            /** @enum {string} */
            idempotency_key: "required" | "optional";
            strict: boolean;
            metadata_limits: {
                keys: number;
                key_length: number;
                value_length: number;
            };
            rate_limit: {
                requests: number;
                seconds: number;
            } | null;
            /** @enum {string} */
            webhook_timestamps: "clock" | "real";
        };
        Clock: {
            /** Format: date-time */
            now: string;
            frozen: boolean;
        };
        WebhookEndpoint: {
            id: string;
            /** Format: uri */
            url: string;
            secret: string;
        };
        /** @description One attempt, made or planned. */
        Delivery: {
            /** @description A cursor. */
            id: string;
            event_id: string;
            endpoint_id: string;
            /** @description Counts the attempts of the event there. */
            attempt: number;
            /** @enum {string} */
            status: "succeeded" | "failed" | "pending";
            /** @description Absent where nothing was answered. */
            response_status?: number;
            /**
             * Format: date-time
             * @description When it was made; of a pending one, when it is due.
             */
            at: string;
            /** Format: date-time */
            next_attempt_at?: string;
        };
        Fault: {
            id: string;
            /** @description What it happens to. */
            on: "webhook" | {
                /** @enum {string} */
                method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
                /** @description Exactly this path. Default: all of /billing and /_mock/payments. */
                path?: string;
            };
            /** @description On requests: status, delay_ms up to 60000 of real time, drop_before, commit_then_drop. On webhooks: delay_ms of the merchant's clock, drop, duplicate, reorder, bad_signature, stale_timestamp. */
            effect: {
                status: number;
            } | {
                delay_ms: number;
            } | ("drop_before" | "commit_then_drop" | "drop" | "duplicate" | "reorder" | "bad_signature" | "stale_timestamp");
            times: number;
            /** @description Where it could happen, whether it does. Default 1. */
            probability?: number;
            /** @description Repeats the draws. Default 0. */
            seed?: number;
            /** @description How often it has happened; less than times. */
            fired: number;
        };
    };
    responses: {
        /** @description Something is missing or malformed; `errors` tells of all of it at once. */
        InvalidRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#invalid-request",
                 *       "title": "Invalid request",
                 *       "status": 400,
                 *       "detail": "amount_due must be a whole number from 1 to 99999999",
                 *       "instance": "/billing/bills",
                 *       "code": "invalid_request"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No key, a malformed key, or one that nobody has. */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": "Bearer";
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#unauthorized",
                 *       "title": "Unauthorized",
                 *       "status": 401,
                 *       "detail": "no key was given; send Authorization: Bearer sk_test_…",
                 *       "instance": "/billing/bills",
                 *       "code": "unauthorized"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A public key, or one that was deleted. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#forbidden",
                 *       "title": "Forbidden",
                 *       "status": 403,
                 *       "detail": "a public key may not be used here; use the secret key",
                 *       "instance": "/billing/bills",
                 *       "code": "forbidden"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description What is there stands in the way: a reference that is taken, a state that allows no such change, or the first request under the key that still runs. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#conflict",
                 *       "title": "Conflict",
                 *       "status": 409,
                 *       "detail": "the first request with the key 5d0b9a52 is still being answered",
                 *       "instance": "/billing/bills",
                 *       "code": "conflict"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body has more than 1 MiB. */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#payload-too-large",
                 *       "title": "Payload too large",
                 *       "status": 413,
                 *       "detail": "the body has more than 1048576 bytes",
                 *       "instance": "/billing/bills",
                 *       "code": "payload_too_large"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#unsupported-media-type",
                 *       "title": "Unsupported media type",
                 *       "status": 415,
                 *       "detail": "the body is text/plain; send application/json",
                 *       "instance": "/billing/bills",
                 *       "code": "unsupported_media_type"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Well formed, and refused: by the rules of what is owed, or because the key was used for another request. */
        Unprocessable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#unprocessable",
                 *       "title": "Request cannot be processed",
                 *       "status": 422,
                 *       "detail": "the key 5d0b9a52 was used before, for another request; use a new key",
                 *       "instance": "/billing/bills",
                 *       "code": "unprocessable"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description More requests than the merchant has settled. */
        RateLimited: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#rate-limited",
                 *       "title": "Too many requests",
                 *       "status": 429,
                 *       "detail": "more than 100 requests in 60 seconds; wait 12 seconds",
                 *       "instance": "/billing/bills",
                 *       "code": "rate_limited"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A failure of the server's own. */
        InternalError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#internal-error",
                 *       "title": "Internal error",
                 *       "status": 500,
                 *       "detail": "Something went wrong here. Repeat the request with its idempotency key.",
                 *       "instance": "/billing/bills",
                 *       "code": "internal_error"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The store cannot be used now. */
        ServiceUnavailable: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#service-unavailable",
                 *       "title": "Service unavailable",
                 *       "status": 503,
                 *       "detail": "This cannot be served now. Repeat the request with its idempotency key.",
                 *       "instance": "/billing/bills",
                 *       "code": "service_unavailable"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A fault that was entered at `/_mock/faults`, of any status from 400 to 599. */
        Faulty: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Something that was named does not exist. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://api.momentco.io/docs/errors#not-found",
                 *       "title": "Resource not found",
                 *       "status": 404,
                 *       "detail": "no bill has the id or reference BILL-2026-0999",
                 *       "instance": "/billing/bills",
                 *       "code": "not_found"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    createCustomer: {
        parameters: {
            query?: never;
            header: {
                /** @description The first answer is given again for 24 hours. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "external_reference": "CUST-40217",
                 *       "name": "Lerato Dlamini",
                 *       "email": "lerato.dlamini@example.org",
                 *       "phone": "+27825550142",
                 *       "currency": "ZAR",
                 *       "balance": 48350,
                 *       "metadata": {
                 *         "region": "gauteng"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description Your own reference, unique among objects of this kind. */
                    external_reference: string;
                    name?: string;
                    /** Format: email */
                    email?: string;
                    /** @description E.164. */
                    phone?: string;
                    /** @description ISO 4217. */
                    currency?: string;
                    /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                    balance?: number;
                    /** @description Texts by key; merged into what is there, never removed. */
                    metadata?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "external_reference": "CUST-40217",
                     *       "name": "Lerato Dlamini",
                     *       "email": "lerato.dlamini@example.org",
                     *       "phone": "+27825550142",
                     *       "currency": "ZAR",
                     *       "balance": 48350,
                     *       "metadata": {
                     *         "region": "gauteng"
                     *       },
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 1000000,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    retrieveCustomer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or your own reference. */
                customer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "external_reference": "CUST-40217",
                     *       "name": "Lerato Dlamini",
                     *       "email": "lerato.dlamini@example.org",
                     *       "phone": "+27825550142",
                     *       "currency": "ZAR",
                     *       "balance": 48350,
                     *       "metadata": {
                     *         "region": "gauteng"
                     *       },
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 1000000,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    updateCustomer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or your own reference. */
                customer: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "balance": 61200
                 *     }
                 */
                "application/json": {
                    name?: string;
                    /** Format: email */
                    email?: string;
                    /** @description E.164. */
                    phone?: string;
                    /** @description ISO 4217. */
                    currency?: string;
                    /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                    balance?: number;
                    /** @description Texts by key; merged into what is there, never removed. */
                    metadata?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "external_reference": "CUST-40217",
                     *       "name": "Lerato Dlamini",
                     *       "email": "lerato.dlamini@example.org",
                     *       "phone": "+27825550142",
                     *       "currency": "ZAR",
                     *       "balance": 61200,
                     *       "metadata": {
                     *         "region": "gauteng"
                     *       },
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 1000000,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    createAccount: {
        parameters: {
            query?: never;
            header: {
                /** @description The first answer is given again for 24 hours. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "customer": "CUST-40217",
                 *       "external_reference": "ACC-7781",
                 *       "name": "Fibre line, Rivonia",
                 *       "currency": "ZAR",
                 *       "balance": 129900
                 *     }
                 */
                "application/json": {
                    customer: string | {
                        /** @description Your own reference, unique among objects of this kind. */
                        external_reference: string;
                        name?: string;
                        /** Format: email */
                        email?: string;
                        /** @description E.164. */
                        phone?: string;
                        /** @description ISO 4217. */
                        currency?: string;
                        /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                        balance?: number;
                        /** @description Texts by key; merged into what is there, never removed. */
                        metadata?: {
                            [key: string]: string;
                        };
                    };
                    /** @description Your own reference, unique among objects of this kind. */
                    external_reference: string;
                    name?: string;
                    /** @description ISO 4217. */
                    currency?: string;
                    /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                    balance?: number;
                    /** @description Texts by key; merged into what is there, never removed. */
                    metadata?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *       "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "external_reference": "ACC-7781",
                     *       "name": "Fibre line, Rivonia",
                     *       "currency": "ZAR",
                     *       "balance": 129900,
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 500000,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    retrieveAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or your own reference. */
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *       "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "external_reference": "ACC-7781",
                     *       "name": "Fibre line, Rivonia",
                     *       "currency": "ZAR",
                     *       "balance": 129900,
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 500000,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    updateAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or your own reference. */
                account: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "balance": 89900
                 *     }
                 */
                "application/json": {
                    name?: string;
                    /** @description ISO 4217. */
                    currency?: string;
                    /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                    balance?: number;
                    /** @description Texts by key; merged into what is there, never removed. */
                    metadata?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *       "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "external_reference": "ACC-7781",
                     *       "name": "Fibre line, Rivonia",
                     *       "currency": "ZAR",
                     *       "balance": 89900,
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 500000,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    createBill: {
        parameters: {
            query?: never;
            header: {
                /** @description The first answer is given again for 24 hours. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account": "ACC-7781",
                 *       "external_reference": "BILL-2026-0317",
                 *       "currency": "ZAR",
                 *       "amount_due": 37650,
                 *       "bill_date": "2026-03-01",
                 *       "due_date": "2026-03-25",
                 *       "metadata": {
                 *         "period": "2026-03"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description Your own reference, unique among objects of this kind. */
                    external_reference: string;
                    /** @description ISO 4217. */
                    currency: string;
                    /** @description Minor units. */
                    amount_due: number;
                    customer?: string | {
                        /** @description Your own reference, unique among objects of this kind. */
                        external_reference: string;
                        name?: string;
                        /** Format: email */
                        email?: string;
                        /** @description E.164. */
                        phone?: string;
                        /** @description ISO 4217. */
                        currency?: string;
                        /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                        balance?: number;
                        /** @description Texts by key; merged into what is there, never removed. */
                        metadata?: {
                            [key: string]: string;
                        };
                    };
                    account?: string | {
                        customer?: string | {
                            /** @description Your own reference, unique among objects of this kind. */
                            external_reference: string;
                            name?: string;
                            /** Format: email */
                            email?: string;
                            /** @description E.164. */
                            phone?: string;
                            /** @description ISO 4217. */
                            currency?: string;
                            /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                            balance?: number;
                            /** @description Texts by key; merged into what is there, never removed. */
                            metadata?: {
                                [key: string]: string;
                            };
                        };
                        /** @description Your own reference, unique among objects of this kind. */
                        external_reference: string;
                        name?: string;
                        /** @description ISO 4217. */
                        currency?: string;
                        /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                        balance?: number;
                        /** @description Texts by key; merged into what is there, never removed. */
                        metadata?: {
                            [key: string]: string;
                        };
                    };
                    /** Format: date */
                    bill_date?: string;
                    /** Format: date */
                    due_date?: string;
                    /** @description Texts by key; merged into what is there, never removed. */
                    metadata?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bill_J2isAjIhKtJ0RlgLKOmxg",
                     *       "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "account_id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *       "external_reference": "BILL-2026-0317",
                     *       "currency": "ZAR",
                     *       "amount_due": 37650,
                     *       "bill_date": "2026-03-01",
                     *       "due_date": "2026-03-25",
                     *       "metadata": {
                     *         "period": "2026-03"
                     *       },
                     *       "status": "unpaid",
                     *       "amount_paid": 0,
                     *       "amount_remaining": 37650,
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 37650,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Bill"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    retrieveBill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or your own reference. */
                bill: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bill_J2isAjIhKtJ0RlgLKOmxg",
                     *       "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "account_id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *       "external_reference": "BILL-2026-0317",
                     *       "currency": "ZAR",
                     *       "amount_due": 37650,
                     *       "bill_date": "2026-03-01",
                     *       "due_date": "2026-03-25",
                     *       "metadata": {
                     *         "period": "2026-03"
                     *       },
                     *       "status": "unpaid",
                     *       "amount_paid": 0,
                     *       "amount_remaining": 37650,
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 37650,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Bill"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    updateBill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or your own reference. */
                bill: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currency": "ZAR",
                 *       "amount_paid": 12550,
                 *       "metadata": {
                 *         "teller": "branch-9"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description ISO 4217. */
                    currency?: string;
                    /** @description Minor units; the new total, not an increment. */
                    amount_paid?: number;
                    /** @description Texts by key; merged into what is there, never removed. */
                    metadata?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bill_J2isAjIhKtJ0RlgLKOmxg",
                     *       "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "account_id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *       "external_reference": "BILL-2026-0317",
                     *       "currency": "ZAR",
                     *       "amount_due": 37650,
                     *       "bill_date": "2026-03-01",
                     *       "due_date": "2026-03-25",
                     *       "metadata": {
                     *         "period": "2026-03",
                     *         "teller": "branch-9"
                     *       },
                     *       "status": "unpaid",
                     *       "amount_paid": 12550,
                     *       "amount_remaining": 25100,
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 37650,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Bill"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    voidBill: {
        parameters: {
            query?: never;
            header: {
                /** @description The first answer is given again for 24 hours. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The id, or your own reference. */
                bill: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bill_J2isAjIhKtJ0RlgLKOmxg",
                     *       "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "account_id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *       "external_reference": "BILL-2026-0317",
                     *       "currency": "ZAR",
                     *       "amount_due": 37650,
                     *       "bill_date": "2026-03-01",
                     *       "due_date": "2026-03-25",
                     *       "metadata": {
                     *         "period": "2026-03"
                     *       },
                     *       "status": "voided",
                     *       "amount_paid": 0,
                     *       "amount_remaining": 37650,
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 37650,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Bill"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    listPayments: {
        parameters: {
            query?: {
                limit?: number;
                after?: number;
                customer?: string;
                status?: "succeeded" | "reversed" | "suspended";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "pay_De1f8rESQedUStPKR0CsT",
                     *           "amount": 12550,
                     *           "currency": "ZAR",
                     *           "status": "succeeded",
                     *           "obligations": [
                     *             {
                     *               "id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *               "kind": "bill",
                     *               "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *               "bill_id": "bill_J2isAjIhKtJ0RlgLKOmxg",
                     *               "amount": 12550,
                     *               "currency": "ZAR",
                     *               "amount_reversed": 0
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["ListedPayment"][];
                        /** @description Left out on the last page. */
                        next?: string;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    createPayment: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "bill": "BILL-2026-0317",
                 *       "amount": 12550,
                 *       "metadata": {
                 *         "utm_source": "sms"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description The id, or your own reference. */
                    customer?: string;
                    /** @description The id, or your own reference. */
                    account?: string;
                    /** @description The id, or your own reference. */
                    bill?: string;
                    /** @description Minor units. */
                    amount: number;
                    /** @description ISO 4217. */
                    currency?: string;
                    payment_id?: string;
                    /** @description Texts by key; merged into what is there, never removed. */
                    metadata?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payment": {
                     *         "id": "pay_De1f8rESQedUStPKR0CsT",
                     *         "amount": 12550,
                     *         "currency": "ZAR",
                     *         "status": "succeeded"
                     *       },
                     *       "obligation": {
                     *         "id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *         "kind": "bill",
                     *         "currency": "ZAR",
                     *         "balance": 25100
                     *       },
                     *       "event": {
                     *         "id": "evt_y4Qwb8DwkNhFdnXsiVpzz",
                     *         "type": "obligation.amount_applied",
                     *         "data": {
                     *           "id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *           "amount": 12550,
                     *           "currency": "ZAR",
                     *           "payment_id": "pay_De1f8rESQedUStPKR0CsT",
                     *           "bill_id": "bill_J2isAjIhKtJ0RlgLKOmxg",
                     *           "metadata": {
                     *             "utm_source": "sms"
                     *           },
                     *           "created_at": "2026-03-01T00:00:00.000Z",
                     *           "updated_at": "2026-03-02T09:15:00.000Z"
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        payment: components["schemas"]["Payment"];
                        obligation: components["schemas"]["Obligation"];
                        event: components["schemas"]["AmountApplied"];
                    };
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payment": {
                     *         "id": "pay_De1f8rESQedUStPKR0CsT",
                     *         "amount": 12550,
                     *         "currency": "ZAR",
                     *         "status": "succeeded"
                     *       },
                     *       "obligation": {
                     *         "id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *         "kind": "bill",
                     *         "currency": "ZAR",
                     *         "balance": 25100
                     *       },
                     *       "event": {
                     *         "id": "evt_y4Qwb8DwkNhFdnXsiVpzz",
                     *         "type": "obligation.amount_applied",
                     *         "data": {
                     *           "id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *           "amount": 12550,
                     *           "currency": "ZAR",
                     *           "payment_id": "pay_De1f8rESQedUStPKR0CsT",
                     *           "bill_id": "bill_J2isAjIhKtJ0RlgLKOmxg",
                     *           "metadata": {
                     *             "utm_source": "sms"
                     *           },
                     *           "created_at": "2026-03-01T00:00:00.000Z",
                     *           "updated_at": "2026-03-02T09:15:00.000Z"
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        payment: components["schemas"]["Payment"];
                        obligation: components["schemas"]["Obligation"];
                        event: components["schemas"]["AmountApplied"];
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    reversePayment: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                payment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": 2550,
                 *       "reason": "paid twice"
                 *     }
                 */
                "application/json": {
                    /** @description The id, or your own reference. */
                    customer?: string;
                    /** @description The id, or your own reference. */
                    account?: string;
                    /** @description The id, or your own reference. */
                    bill?: string;
                    /** @description Minor units. */
                    amount?: number;
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payment": {
                     *         "id": "pay_De1f8rESQedUStPKR0CsT",
                     *         "amount": 12550,
                     *         "currency": "ZAR",
                     *         "status": "succeeded"
                     *       },
                     *       "obligation": {
                     *         "id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *         "kind": "bill",
                     *         "currency": "ZAR",
                     *         "balance": 27650
                     *       },
                     *       "reversal": {
                     *         "id": "evt_q0RkX3mTnUv7BzLs5Wd1C",
                     *         "amount": 2550,
                     *         "currency": "ZAR",
                     *         "reason": "paid twice",
                     *         "reversed_total": 2550
                     *       }
                     *     }
                     */
                    "application/json": {
                        payment: components["schemas"]["Payment"];
                        obligation: components["schemas"]["Obligation"];
                        reversal: {
                            id: string;
                            /** @description Minor units. */
                            amount: number;
                            /** @description ISO 4217. */
                            currency: string;
                            reason?: string;
                            /** @description Minor units. */
                            reversed_total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    setPaymentRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: "customers" | "accounts" | "bills";
                /** @description The id, or your own reference. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "min_amount": 100,
                 *       "max_amount": 37650,
                 *       "underpayment_allowed": true,
                 *       "overpayment_allowed": false
                 *     }
                 */
                "application/json": components["schemas"]["PaymentRules"] | null;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "bill_J2isAjIhKtJ0RlgLKOmxg",
                     *       "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *       "account_id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *       "external_reference": "BILL-2026-0317",
                     *       "currency": "ZAR",
                     *       "amount_due": 37650,
                     *       "bill_date": "2026-03-01",
                     *       "due_date": "2026-03-25",
                     *       "metadata": {
                     *         "period": "2026-03"
                     *       },
                     *       "status": "unpaid",
                     *       "amount_paid": 0,
                     *       "amount_remaining": 37650,
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 37650,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Customer"] | components["schemas"]["Account"] | components["schemas"]["Bill"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    listCustomers: {
        parameters: {
            query?: {
                limit?: number;
                after?: string;
                owing?: boolean;
                credit?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *           "external_reference": "CUST-40217",
                     *           "name": "Lerato Dlamini",
                     *           "email": "lerato.dlamini@example.org",
                     *           "phone": "+27825550142",
                     *           "currency": "ZAR",
                     *           "balance": 48350,
                     *           "metadata": {
                     *             "region": "gauteng"
                     *           },
                     *           "payment_rules": {
                     *             "min_amount": 100,
                     *             "max_amount": 1000000,
                     *             "underpayment_allowed": true,
                     *             "overpayment_allowed": false
                     *           },
                     *           "obligation_id": "ob_vj7FAc9QeWJKY40uvSwMF"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: {
                            id: string;
                            external_reference: string;
                            name?: string;
                            email?: string;
                            phone?: string;
                            /** @description ISO 4217. */
                            currency?: string;
                            /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                            balance?: number;
                            payment_rules?: components["schemas"]["PaymentRules"];
                            metadata?: {
                                [key: string]: string;
                            };
                            /** @description The pay page of it is `/pay/{obligation_id}`. */
                            obligation_id: string;
                            /** @description Sums left in currencies that it was kept in before. */
                            other_balances?: {
                                /** @description ISO 4217. */
                                currency: string;
                                /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                                balance: number;
                            }[];
                        }[];
                        /** @description Left out on the last page. */
                        next?: string;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                limit?: number;
                after?: string;
                customer?: string;
                owing?: boolean;
                credit?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *           "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *           "external_reference": "ACC-7781",
                     *           "name": "Fibre line, Rivonia",
                     *           "currency": "ZAR",
                     *           "balance": 129900,
                     *           "payment_rules": {
                     *             "min_amount": 100,
                     *             "max_amount": 500000,
                     *             "underpayment_allowed": true,
                     *             "overpayment_allowed": false
                     *           },
                     *           "obligation_id": "ob_vj7FAc9QeWJKY40uvSwMF"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: {
                            id: string;
                            external_reference: string;
                            customer_id: string;
                            name?: string;
                            /** @description ISO 4217. */
                            currency?: string;
                            /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                            balance?: number;
                            payment_rules?: components["schemas"]["PaymentRules"];
                            metadata?: {
                                [key: string]: string;
                            };
                            /** @description The pay page of it is `/pay/{obligation_id}`. */
                            obligation_id: string;
                            /** @description Sums left in currencies that it was kept in before. */
                            other_balances?: {
                                /** @description ISO 4217. */
                                currency: string;
                                /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                                balance: number;
                            }[];
                        }[];
                        /** @description Left out on the last page. */
                        next?: string;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    listBills: {
        parameters: {
            query?: {
                limit?: number;
                after?: string;
                customer?: string;
                owing?: boolean;
                credit?: boolean;
                status?: "unpaid" | "paid" | "voided";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "bill_J2isAjIhKtJ0RlgLKOmxg",
                     *           "customer_id": "bcus_u8jzPde0IgxLd6GncfBAe",
                     *           "account_id": "bacc_pfJBd0Kh8oOOL8dKLzdoc",
                     *           "external_reference": "BILL-2026-0317",
                     *           "currency": "ZAR",
                     *           "amount_due": 37650,
                     *           "bill_date": "2026-03-01",
                     *           "due_date": "2026-03-25",
                     *           "metadata": {
                     *             "period": "2026-03"
                     *           },
                     *           "status": "unpaid",
                     *           "amount_paid": 0,
                     *           "amount_remaining": 37650,
                     *           "payment_rules": {
                     *             "min_amount": 100,
                     *             "max_amount": 37650,
                     *             "underpayment_allowed": true,
                     *             "overpayment_allowed": false
                     *           },
                     *           "obligation_id": "ob_vj7FAc9QeWJKY40uvSwMF"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: {
                            id: string;
                            external_reference: string;
                            customer_id: string;
                            account_id?: string;
                            /** @enum {string} */
                            status: "unpaid" | "paid" | "voided";
                            /** @description ISO 4217. */
                            currency: string;
                            /** @description Minor units. */
                            amount_due: number;
                            /** @description Minor units. */
                            amount_paid: number;
                            /** @description Minor units. */
                            amount_remaining: number;
                            /** Format: date */
                            bill_date?: string;
                            /** Format: date */
                            due_date?: string;
                            payment_rules?: components["schemas"]["PaymentRules"];
                            metadata?: {
                                [key: string]: string;
                            };
                            /** @description The pay page of it is `/pay/{obligation_id}`. */
                            obligation_id: string;
                            /** @description Sums left in currencies that it was kept in before. */
                            other_balances?: {
                                /** @description ISO 4217. */
                                currency: string;
                                /** @description Minor units; negative is credit. Given only where a balance is tracked. */
                                balance: number;
                            }[];
                        }[];
                        /** @description Left out on the last page. */
                        next?: string;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                limit?: number;
                after?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "evt_y4Qwb8DwkNhFdnXsiVpzz",
                     *           "type": "obligation.amount_applied",
                     *           "schema_version": 1,
                     *           "stream_id": "bill/bill_J2isAjIhKtJ0RlgLKOmxg",
                     *           "revision": 2,
                     *           "position": 8,
                     *           "recorded_at": "2026-03-02T09:15:00.000Z",
                     *           "effective_at": "2026-03-02T09:15:00.000Z",
                     *           "data": {
                     *             "obligation_id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *             "payment_id": "pay_De1f8rESQedUStPKR0CsT",
                     *             "amount": 12550,
                     *             "currency": "ZAR",
                     *             "effect": -12550,
                     *             "balance_after": 25100
                     *           }
                     *         }
                     *       ],
                     *       "next": "8"
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Event"][];
                        /** @description Left out on the last page. */
                        next?: string;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                after?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 8
                     *     data: {"id":"evt_y4Qwb8DwkNhFdnXsiVpzz","type":"obligation.amount_applied","schema_version":1,"stream_id":"bill/bill_J2isAjIhKtJ0RlgLKOmxg","revision":2,"position":8,"recorded_at":"2026-03-02T09:15:00.000Z","effective_at":"2026-03-02T09:15:00.000Z","data":{"obligation_id":"ob_vj7FAc9QeWJKY40uvSwMF","payment_id":"pay_De1f8rESQedUStPKR0CsT","amount":12550,"currency":"ZAR","effect":-12550,"balance_after":25100}}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    listRequests: {
        parameters: {
            query?: {
                limit?: number;
                after?: number;
                path?: string;
                method?: string;
                status?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": 1,
                     *           "at": "2026-03-02T09:15:00.000Z",
                     *           "method": "POST",
                     *           "path": "/billing/bills/BILL-2026-0317/void",
                     *           "status": 200,
                     *           "idempotency_key": "5d0b9a52-3f0e-4f0c-9c53-0d5b1c6c7a11",
                     *           "response_body": "{…}",
                     *           "events": [
                     *             "evt_y4Qwb8DwkNhFdnXsiVpzz"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Request"][];
                        /** @description Left out on the last page. */
                        next?: string;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    clearRequests: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    retrieveSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payment_rules": {
                     *         "customer": {
                     *           "min_amount": 100,
                     *           "max_amount": 1000000,
                     *           "underpayment_allowed": true,
                     *           "overpayment_allowed": false
                     *         },
                     *         "account": {
                     *           "min_amount": 100,
                     *           "max_amount": 500000,
                     *           "underpayment_allowed": true,
                     *           "overpayment_allowed": false
                     *         },
                     *         "bill": {
                     *           "min_amount": 100,
                     *           "max_amount": 99999999,
                     *           "underpayment_allowed": true,
                     *           "overpayment_allowed": false
                     *         }
                     *       },
                     *       "currencies": [
                     *         "ZAR",
                     *         "USD"
                     *       ],
                     *       "idempotency_key": "required",
                     *       "strict": false,
                     *       "metadata_limits": {
                     *         "keys": 10,
                     *         "key_length": 40,
                     *         "value_length": 500
                     *       },
                     *       "rate_limit": {
                     *         "requests": 100,
                     *         "seconds": 60
                     *       },
                     *       "webhook_timestamps": "clock"
                     *     }
                     */
                    "application/json": components["schemas"]["Settings"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    updateSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rate_limit": {
                 *         "requests": 100,
                 *         "seconds": 60
                 *       }
                 *     }
                 */
                "application/json": {
                    payment_rules?: {
                        customer?: components["schemas"]["PaymentRules"] | null;
                        account?: components["schemas"]["PaymentRules"] | null;
                        bill?: components["schemas"]["PaymentRules"] | null;
                    };
                    currencies?: string[];
                    /** @enum {string} */
                    idempotency_key?: "required" | "optional";
                    strict?: boolean;
                    metadata_limits?: {
                        keys?: number;
                        key_length?: number;
                        value_length?: number;
                    };
                    rate_limit?: {
                        requests?: number;
                        seconds?: number;
                    } | null;
                    /** @enum {string} */
                    webhook_timestamps?: "clock" | "real";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payment_rules": {
                     *         "customer": {
                     *           "min_amount": 100,
                     *           "max_amount": 1000000,
                     *           "underpayment_allowed": true,
                     *           "overpayment_allowed": false
                     *         },
                     *         "account": {
                     *           "min_amount": 100,
                     *           "max_amount": 500000,
                     *           "underpayment_allowed": true,
                     *           "overpayment_allowed": false
                     *         },
                     *         "bill": {
                     *           "min_amount": 100,
                     *           "max_amount": 99999999,
                     *           "underpayment_allowed": true,
                     *           "overpayment_allowed": false
                     *         }
                     *       },
                     *       "currencies": [
                     *         "ZAR",
                     *         "USD"
                     *       ],
                     *       "idempotency_key": "required",
                     *       "strict": false,
                     *       "metadata_limits": {
                     *         "keys": 10,
                     *         "key_length": 40,
                     *         "value_length": 500
                     *       },
                     *       "rate_limit": {
                     *         "requests": 100,
                     *         "seconds": 60
                     *       },
                     *       "webhook_timestamps": "clock"
                     *     }
                     */
                    "application/json": components["schemas"]["Settings"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    retrieveClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "now": "2026-03-02T09:15:00.000Z",
                     *       "frozen": true
                     *     }
                     */
                    "application/json": components["schemas"]["Clock"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    setClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "now": "2026-03-02T09:15:00.000Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Stands still there.
                     */
                    now?: string;
                    /**
                     * @description Runs with the machine's clock.
                     * @constant
                     */
                    real?: true;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "now": "2026-03-02T09:15:00.000Z",
                     *       "frozen": true
                     *     }
                     */
                    "application/json": components["schemas"]["Clock"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    advanceClock: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "seconds": 86400
                 *     }
                 */
                "application/json": {
                    seconds?: number;
                    /** @constant */
                    real?: true;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "now": "2026-03-02T09:15:00.000Z",
                     *       "frozen": true
                     *     }
                     */
                    "application/json": components["schemas"]["Clock"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "we_5f0c9d1b7a3e42688cd01f27",
                     *           "url": "https://billing.example.org/webhooks",
                     *           "secret": "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["WebhookEndpoint"][];
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    createWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://billing.example.org/webhooks"
                 *     }
                 */
                "application/json": {
                    /** Format: uri */
                    url: string;
                    /** @description `whsec_` and base64; a text without the prefix is a key by its UTF-8 bytes. */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "we_5f0c9d1b7a3e42688cd01f27",
                     *       "url": "https://billing.example.org/webhooks",
                     *       "secret": "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    deleteWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "we_5f0c9d1b7a3e42688cd01f27",
                     *       "url": "https://billing.example.org/webhooks",
                     *       "secret": "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                limit?: number;
                after?: string;
                event_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "1",
                     *           "event_id": "evt_y4Qwb8DwkNhFdnXsiVpzz",
                     *           "endpoint_id": "we_5f0c9d1b7a3e42688cd01f27",
                     *           "attempt": 1,
                     *           "status": "failed",
                     *           "response_status": 503,
                     *           "at": "2026-03-02T09:15:00.000Z",
                     *           "next_attempt_at": "2026-03-02T09:15:05.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Delivery"][];
                        /** @description Left out on the last page. */
                        next?: string;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    redeliverEvent: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "2",
                     *           "event_id": "evt_y4Qwb8DwkNhFdnXsiVpzz",
                     *           "endpoint_id": "we_5f0c9d1b7a3e42688cd01f27",
                     *           "attempt": 2,
                     *           "status": "pending",
                     *           "at": "2026-03-02T09:15:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Delivery"][];
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    listFaults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "fault_1",
                     *           "on": {
                     *             "method": "POST",
                     *             "path": "/billing/customers"
                     *           },
                     *           "effect": {
                     *             "status": 503
                     *           },
                     *           "times": 2,
                     *           "fired": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Fault"][];
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    createFault: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "on": {
                 *         "method": "POST",
                 *         "path": "/billing/customers"
                 *       },
                 *       "effect": {
                 *         "status": 503
                 *       },
                 *       "times": 2
                 *     }
                 */
                "application/json": {
                    /** @description What it happens to. */
                    on: "webhook" | {
                        /** @enum {string} */
                        method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
                        /** @description Exactly this path. Default: all of /billing and /_mock/payments. */
                        path?: string;
                    };
                    /** @description On requests: status, delay_ms up to 60000 of real time, drop_before, commit_then_drop. On webhooks: delay_ms of the merchant's clock, drop, duplicate, reorder, bad_signature, stale_timestamp. */
                    effect: {
                        status: number;
                    } | {
                        delay_ms: number;
                    } | ("drop_before" | "commit_then_drop" | "drop" | "duplicate" | "reorder" | "bad_signature" | "stale_timestamp");
                    /**
                     * @description How often it happens.
                     * @default 1
                     */
                    times?: number;
                    /** @description Where it could happen, whether it does. Default 1. */
                    probability?: number;
                    /** @description Repeats the draws. Default 0. */
                    seed?: number;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "fault_1",
                     *       "on": {
                     *         "method": "POST",
                     *         "path": "/billing/customers"
                     *       },
                     *       "effect": {
                     *         "status": 503
                     *       },
                     *       "times": 2,
                     *       "fired": 0
                     *     }
                     */
                    "application/json": components["schemas"]["Fault"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    deleteFaults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    reset: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    deleteKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    retrieveSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    restoreSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "position": 8,
                     *       "commits": 4
                     *     }
                     */
                    "application/json": {
                        /** @description Where the book ends. */
                        position: number;
                        commits: number;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    fork: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "to": "sk_test_other",
                 *       "at_position": 8
                 *     }
                 */
                "application/json": {
                    /** @description The secret key of a merchant without a book. */
                    to: string;
                    /** @description The last event that is taken along; default: all of them. */
                    at_position?: number;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "merchant": "test-0c4f2a9d51e7",
                     *       "position": 8,
                     *       "commits": 4
                     *     }
                     */
                    "application/json": {
                        /** @description Where the book ends. */
                        position: number;
                        commits: number;
                        merchant: string;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Faulty"];
        };
    };
    retrievePayDetails: {
        parameters: {
            query?: {
                merchant?: string;
            };
            header?: never;
            path: {
                obligation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "merchant": {
                     *         "name": "Test merchant 0c4f2a"
                     *       },
                     *       "obligation": {
                     *         "id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *         "kind": "bill",
                     *         "currency": "ZAR",
                     *         "balance": 25100
                     *       },
                     *       "reference": "BILL-2026-0317",
                     *       "payer": "Lerato Dlamini",
                     *       "bill": {
                     *         "status": "unpaid",
                     *         "amount_due": 37650,
                     *         "amount_paid": 12550,
                     *         "due_date": "2026-03-25"
                     *       },
                     *       "payment_rules": {
                     *         "min_amount": 100,
                     *         "max_amount": 37650,
                     *         "underpayment_allowed": true,
                     *         "overpayment_allowed": false
                     *       },
                     *       "currencies": [
                     *         "ZAR",
                     *         "USD"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        merchant: {
                            name: string;
                        };
                        obligation: {
                            id: string;
                            /** @enum {string} */
                            kind: "customer_balance" | "account_balance" | "bill";
                            currency?: string;
                            balance?: number;
                        };
                        reference: string;
                        payer?: string;
                        bill?: {
                            /** @enum {string} */
                            status: "unpaid" | "paid" | "voided";
                            amount_due: number;
                            amount_paid: number;
                            due_date?: string;
                        };
                        payment_rules?: {
                            min_amount: number;
                            max_amount: number;
                            underpayment_allowed: boolean;
                            overpayment_allowed: boolean;
                        };
                        currencies: string[];
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payUnderLink: {
        parameters: {
            query?: {
                merchant?: string;
            };
            header?: never;
            path: {
                obligation: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "payment_id": "pay_De1f8rESQedUStPKR0CsT",
                 *       "amount": 12550,
                 *       "currency": "ZAR"
                 *     }
                 */
                "application/json": {
                    payment_id: string;
                    amount: number;
                    currency: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payment": {
                     *         "id": "pay_De1f8rESQedUStPKR0CsT",
                     *         "amount": 12550,
                     *         "currency": "ZAR",
                     *         "status": "succeeded",
                     *         "paid_at": "2026-03-02T09:15:00.000Z"
                     *       },
                     *       "obligation": {
                     *         "id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *         "kind": "bill",
                     *         "currency": "ZAR",
                     *         "balance": 25100
                     *       }
                     *     }
                     */
                    "application/json": {
                        payment: {
                            id: string;
                            amount: number;
                            currency: string;
                            /** @constant */
                            status: "succeeded";
                            paid_at: string;
                        };
                        obligation: {
                            id: string;
                            /** @enum {string} */
                            kind: "customer_balance" | "account_balance" | "bill";
                            currency?: string;
                            balance?: number;
                        };
                    };
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payment": {
                     *         "id": "pay_De1f8rESQedUStPKR0CsT",
                     *         "amount": 12550,
                     *         "currency": "ZAR",
                     *         "status": "succeeded",
                     *         "paid_at": "2026-03-02T09:15:00.000Z"
                     *       },
                     *       "obligation": {
                     *         "id": "ob_vj7FAc9QeWJKY40uvSwMF",
                     *         "kind": "bill",
                     *         "currency": "ZAR",
                     *         "balance": 25100
                     *       }
                     *     }
                     */
                    "application/json": {
                        payment: {
                            id: string;
                            amount: number;
                            currency: string;
                            /** @constant */
                            status: "succeeded";
                            paid_at: string;
                        };
                        obligation: {
                            id: string;
                            /** @enum {string} */
                            kind: "customer_balance" | "account_balance" | "bill";
                            currency?: string;
                            balance?: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
}
