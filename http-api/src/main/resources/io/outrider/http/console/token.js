// The access token, where the server asks for one. It lives in this tab only and is sent in headers only.
const KEY = 'outrider.token';
let asking = null;

export const known = () => sessionStorage.getItem(KEY) !== null;

export function headers() {
  const token = sessionStorage.getItem(KEY);
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** Asks for a token, once for however many requests want one; resolves when there is one. */
export function ask(why) {
  asking ??= new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-label', 'Access token');
    const form = document.createElement('form');
    form.method = 'dialog';
    const label = document.createElement('label');
    const input = document.createElement('input');
    input.type = 'password';
    input.name = 'token';
    input.required = true;
    input.autocomplete = 'off';
    label.append('Access token ', input);
    const reason = document.createElement('p');
    reason.textContent = why;
    const button = document.createElement('button');
    button.className = 'plain';
    button.textContent = 'Use it';
    form.append(reason, label, button);
    dialog.append(form);
    document.body.append(dialog);
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    dialog.addEventListener('close', () => {
      sessionStorage.setItem(KEY, input.value.trim());
      dialog.remove();
      asking = null;
      resolve();
    });
    dialog.showModal();
  });
  return asking;
}
