// Talks to /api/v1. A failure is thrown as its problem document, or as one made up here when there was no answer.

import * as token from './token.js';

const BASE = '/api/v1/';

const PATIENCE_MS = 20000;
const SCORING_MS = 60000;

/** How long an answer is waited for, 0 for as long as it takes: what changes something is not given up, for it may have been done. */
const patience = (path, { method } = {}) => (path === 'score' ? SCORING_MS : method === 'POST' ? 0 : PATIENCE_MS);

async function request(path, options, again = true) {
  let response;
  let body;
  const given = new AbortController();
  const limit = patience(path, options);
  const timer = limit && setTimeout(() => given.abort(), limit);
  try {
    response = await fetch(BASE + path, {
      signal: given.signal,
      ...options,
      headers: { Accept: 'application/json', ...token.headers(), ...options?.headers },
    });
    body = await response.json().catch(() => (given.signal.aborted ? Promise.reject() : {}));
  } catch {
    throw given.signal.aborted
      ? { title: 'No answer from the server', detail: `It was waited for ${limit / 1000} seconds.`, status: 0 }
      : { title: 'No contact with the server', detail: 'It cannot be reached.', status: 0 };
  } finally {
    clearTimeout(timer);
  }
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
