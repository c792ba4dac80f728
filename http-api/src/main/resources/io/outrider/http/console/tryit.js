// Scores a transaction that has not happened; changes nothing.
import * as api from './api.js';
import { batchSection } from './batch.js';
import { attribution, counterfactual, reasons } from './explain.js';
import { amount, score } from './format.js';
import { h, icon, notice, replace, severityWord, skeleton } from './dom.js';

const FIELDS = [
  ['user_id', 'Account', { required: true, placeholder: 'whose payment it is' }],
  ['amount', 'Amount', { required: true, type: 'number', min: '0', step: 'any', inputmode: 'decimal' }],
  ['merchant_id', 'Merchant', {}],
  ['device_type', 'Device', { placeholder: 'mobile, desktop, tablet' }],
  ['ip_address', 'Network', { placeholder: 'an address' }],
  ['timestamp', 'Time (local; empty is now)', { type: 'datetime-local', step: '1' }],
];

export function tryView(root, { query }) {
  const inputs = FIELDS.map(([name, label, extra]) =>
    h('label', {}, label, h('input', { name, value: query.get(name) ?? '', autocomplete: 'off', ...extra })),
  );
  const result = h('div', { class: 'panel', hidden: true, 'aria-live': 'polite' });
  const message = h('span', { class: 'error', role: 'alert' });
  const form = h(
    'form',
    { class: 'form', onsubmit: ask },
    inputs,
    h('div', { class: 'actions' }, h('button', { class: 'primary', type: 'submit' }, 'Score it'), message),
  );
  const view = h(
    'div',
    { class: 'view' },
    h(
      'div',
      { class: 'list' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, 'Try it'),
        h('small', {}, 'What would be said of this transaction, now. Nothing is recorded.'),
      ),
      form,
      batchSection(),
    ),
    result,
  );
  replace(root, view);

  async function ask(event) {
    event.preventDefault();
    const transaction = {};
    const asTyped = new URLSearchParams();
    for (const input of form.elements) {
      input.removeAttribute('aria-invalid');
      if (!input.name || input.value === '') continue;
      asTyped.set(input.name, input.value);
      transaction[input.name] =
        input.name === 'amount'
          ? Number(input.value)
          : input.name === 'timestamp'
            ? new Date(input.value).toISOString()
            : input.value;
    }
    history.replaceState(null, '', `#/try?${asTyped}`);
    message.textContent = '';
    view.classList.add('open');
    result.hidden = false;
    replace(result, skeleton(3));
    try {
      show(await api.post('score', transaction));
    } catch (problem) {
      const field = form.elements[problem.field];
      view.classList.remove('open');
      result.hidden = true;
      if (!field) return replace(message, notice(problem));
      field.setAttribute('aria-invalid', 'true');
      field.focus();
      message.textContent = problem.detail;
    }
  }

  function show(verdict) {
    replace(
      result,
      h(
        'div',
        { class: 'top' },
        verdict.anomalous ? severityWord(verdict.severity) : h('b', {}, 'Would not be flagged'),
        h('small', {}, `model ${verdict.modelVersion}`),
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            'aria-label': 'Back to the form',
            title: 'Back to the form',
            'data-close': true,
            onclick: () => {
              view.classList.remove('open');
              result.hidden = true;
            },
          },
          icon('close'),
        ),
      ),
      h(
        'h1',
        {},
        `${amount(verdict.amount)}, score ${score(verdict.score)}`,
        h('span', { class: 'muted' }, ` threshold ${score(verdict.threshold)}`),
      ),
      verdict.reasons.length ? h('section', {}, h('h2', {}, 'Why'), reasons(verdict.reasons)) : null,
      h('section', {}, h('h2', {}, 'From the expected score to this one'), attribution(verdict)),
      verdict.anomalous
        ? h(
            'section',
            {},
            h('h2', {}, 'The smallest change'),
            counterfactual(verdict.counterfactual, verdict.threshold),
          )
        : null,
    );
  }

  if (query.get('user_id') && query.get('amount')) form.requestSubmit();
  else form.elements[query.get('user_id') ? 'amount' : 'user_id'].focus();
}
