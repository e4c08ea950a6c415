/** The API to read and to try: Swagger UI over the document of the server that the page comes from. */

/** @type {any} Defined by the script before this one. */
const swagger = Reflect.get(globalThis, "SwaggerUIBundle");

swagger({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  tryItOutEnabled: true,
  // No document leaves this machine to be judged elsewhere.
  validatorUrl: null,
});
