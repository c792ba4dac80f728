// Runs of batch jobs: the last ones of a kind, progress while one runs, and buttons to start and to cancel.
import * as api from './api.js';
import { redraw } from './arrival.js';
import { EventStream } from './eventstream.js';
import { count, time } from './format.js';
import { known } from './token.js';
import { dataTable, empty, h, notice, replace, skeleton } from './dom.js';

const NAMES = { etl: 'ETL', training: 'Training', backtest: 'Backtest' };
const ENDED = ['succeeded', 'failed', 'cancelled', 'timed-out', 'skipped'];

/**
 * kind: as the API calls it; onEnded: called when a run that was seen running has ended; asked: where a run needs more than a button, the
 * form that has it, what body() to send, whether it is able() to yet, and onRuns(runs), told of the runs whenever they are drawn. A result that link(run) gives an address
 * to is a link. ready: resolves once the runs are drawn, or cannot be; refresh() asks for those that others started, mayStart() looks again
 * whether one may be started.
 */
export function runsCard(kind, onEnded, { form = null, body = () => ({}), able = () => true, onRuns = null, link = () => null } = {}) {
  const list = h('div', {}, skeleton(2));
  const message = h('span', { class: 'error', role: 'status' });
  const start = h('button', { type: 'button', class: 'plain', onclick: begin }, `Start ${NAMES[kind]}`);
  const card = h('section', { class: 'block' }, h('div', { class: 'titled' }, h('h2', {}, `${NAMES[kind]} runs`), message, form ? null : start), form, list);
  form?.append(start);
  let runs = [];
  let begun = 0;
  let stream = null;
  const mayStart = () => (start.disabled = !able() || runs.some((run) => !ENDED.includes(run.state)));
  mayStart();

  function draw() {
    const live = runs.find((run) => !ENDED.includes(run.state));
    mayStart();
    onRuns?.(runs);
    if (!runs.length) return redraw(list, empty('No run yet', form ? 'Choose above what to compare, and start one.' : 'Start one, or wait for the schedule.'));
    const head = [['Run'], ['State'], ['Why'], ['Begun'], ['Took', 1], ['Result']];
    redraw(list, live ? progress(live) : null, dataTable(head, runs.map(row)));
    if (live && !stream) follow(live);
  }

  const row = (run) => [
    h('span', { class: 'mono' }, run.id),
    h('span', { class: `state ${run.state}` }, run.state),
    h('span', { title: run.reason }, run.cause),
    run.startedAt ? time(run.startedAt) : time(run.requestedAt),
    run.startedAt && run.endedAt ? seconds(Date.parse(run.endedAt) - Date.parse(run.startedAt)) : '–',
    result(run),
  ];

  function result(run) {
    const says = run.summary ?? (run.progress?.message || run.setbacks?.at(-1)) ?? '';
    const href = link(run);
    return h(href ? 'a' : 'span', { class: 'wrap', href, title: (run.setbacks ?? []).join('\n') || null }, says);
  }

  function progress(run) {
    const share = run.progress?.fraction ?? 0;
    const counters = Object.entries(run.progress?.counters ?? {}).map(([name, n]) => `${name} ${count(n)}`);
    return h(
      'div',
      { class: 'progressline' },
      h('progress', { max: 1, value: share, 'aria-label': `${run.id}: done so far` }),
      h('b', { class: 'num' }, `${Math.round(share * 100)} %`),
      h('span', { class: 'muted' }, [run.progress?.message || run.state, ...counters].join(' · ')),
      h('button', { type: 'button', class: 'plain', onclick: () => cancel(run) }, 'Cancel'),
    );
  }

  function follow(run) {
    stream = new (known() ? EventStream : EventSource)(`/api/v1/${kind}/runs/${api.id(run.id)}/events`);
    stream.addEventListener('run', (event) => {
      const now = JSON.parse(event.data);
      runs = [now, ...runs.filter((other) => other.id !== now.id)];
      if (ENDED.includes(now.state)) {
        stop();
        onEnded?.();
      }
      draw();
    });
    stream.addEventListener('error', () => {
      if (stream?.readyState !== EventSource.CLOSED) return;
      stop();
      setTimeout(load, 2000);
    });
  }

  function stop() {
    stream?.close();
    stream = null;
  }

  async function begin() {
    message.textContent = '';
    start.disabled = true;
    try {
      const key = crypto.randomUUID?.() ?? String(Math.random());
      const run = await api.post(`${kind}/runs`, body(), { headers: { 'Idempotency-Key': key } });
      begun++;
      runs = [run, ...runs.filter((other) => other.id !== run.id)];
      draw();
    } catch (problem) {
      message.textContent = problem.detail ?? problem.title;
      mayStart();
    }
  }

  async function cancel(run) {
    try {
      await api.post(`${kind}/runs/${api.id(run.id)}/cancel`, {});
    } catch (problem) {
      message.textContent = problem.detail ?? problem.title;
    }
  }

  async function load() {
    const before = begun;
    try {
      const { items } = await api.get(`${kind}/runs?limit=8`);
      runs = before === begun ? items : [...runs, ...items.filter((item) => !runs.some((run) => run.id === item.id))];
      draw();
    } catch (problem) {
      if (problem.status === 404) card.remove();
      else if (!runs.length) replace(list, notice(problem));
    }
  }
  return { element: card, ready: load(), mayStart, refresh: () => stream ?? load(), destroy: stop };
}

const seconds = (ms) => (ms < 120000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60000)} min`);
