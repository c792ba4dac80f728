// Talks to /api/v1. A failure is thrown as its problem document, or as one made up here when there was no answer.

import * as token from './token.js';

const BASE = '/api/v1/';

async function request(path, options, again = true) {
  let response;
  try {
    response = await fetch(BASE + path, { ...options, headers: { Accept: 'application/json', ...token.headers(), ...options?.headers } });
  } catch {
    throw { title: 'No contact with the server', detail: 'It does not answer; trying again by itself.', status: 0 };
  }
  const body = await response.json().catch(() => ({}));
  if (response.status === 401 && again) {
    await token.ask(body.detail ?? 'This server asks who you are.');
    return request(path, options, body.type?.endsWith(':invalid-token'));
  }
  if (!response.ok) throw { status: response.status, title: response.statusText, ...body };
  return body;
}

export const get = (path) => request(path);
export const post = (path, value, options) =>
  request(path, {
    method: 'POST',
    ...options,
    headers: { 'Content-Type': 'application/json', ...options?.headers },
    body: JSON.stringify(value),
  });
export const id = encodeURIComponent;

const paths = fetch('/openapi.yaml')
  .then((response) => response.text())
  .then((text) => new Set([...text.matchAll(/^ {2}\/api\/v1\/(\S+):/gm)].map((match) => match[1])))
  .catch(() => new Set());

/** Whether this server has an operation at a path as the API's description writes it, such as `alerts/{id}/similar`. */
export const has = async (path) => (await paths).has(path);
