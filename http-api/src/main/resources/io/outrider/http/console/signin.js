// Signing in at the authority that the server names: authorization code with PKCE (RFC 7636), as a public client.
const PENDING = 'outrider.signin';

export const config = fetch('/console/config')
  .then((response) => (response.ok ? response.json() : {}))
  .catch(() => ({}));

const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const redirect = () => `${location.origin}/`;

async function discovered({ authority }) {
  const response = await fetch(`${authority.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`${authority} does not say how to sign in (${response.status})`);
  return response.json();
}

/** Leaves for the authority's page; where the console was is where it comes back to. */
export async function begin(settings) {
  if (!crypto.subtle) throw new Error('A browser signs in over https or on this machine only.');
  const found = await discovered(settings);
  const verifier = random();
  const state = random();
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
  sessionStorage.setItem(PENDING, JSON.stringify({ verifier, state, hash: location.hash }));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: settings.clientId,
    redirect_uri: redirect(),
    scope: settings.scope,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  location.assign(`${found.authorization_endpoint}?${query}`);
}

/** What the authority sent the browser back with, once: the tokens, or an error in words; null if it did not send it. */
export async function finish() {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('state')) return null;
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null');
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, '', `/${pending?.hash ?? ''}`);
  if (!pending || pending.state !== answer.get('state')) return { error: 'The answer to signing in was not asked for here.' };
  if (answer.has('error')) return { error: answer.get('error_description') ?? answer.get('error') };
  const settings = await config;
  return tokens(settings, { grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: redirect(), code_verifier: pending.verifier });
}

export const refresh = async (token) => tokens(await config, { grant_type: 'refresh_token', refresh_token: token });

async function tokens(settings, grant) {
  try {
    const found = await discovered(settings);
    const response = await fetch(found.token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({ client_id: settings.clientId, scope: settings.scope, ...grant }),
    });
    const body = await response.json();
    return response.ok ? body : { error: body.error_description ?? body.error };
  } catch (failure) {
    return { error: failure.message };
  }
}
