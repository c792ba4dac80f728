// The API's description to read and to try. A token entered under "Authorize" stays in the page's memory.
SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#docs',
  deepLinking: true,
  // The validator would send the document's address to a server of others.
  validatorUrl: null,
  persistAuthorization: false,
});
