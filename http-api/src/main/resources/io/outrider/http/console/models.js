// Models: what decides, what is being tried, versions with their figures, promotion and rollback, and the jobs that make them.
import * as api from './api.js';
import { distributionCard } from './charts.js';
import { versions } from './versions.js';
import { count, percent, time } from './format.js';
import { runsCard } from './runs.js';
import { block, copyable, dataTable, empty, fact, h, notice, replace, skeleton } from './dom.js';
import * as status from './status.js';

export function modelsView(root) {
  const stages = h('div', {}, skeleton(3));
  const list = h('div', {});
  const jobs = h('div', {});
  const head = h('div', { class: 'head' }, h('h1', {}, 'Models'), h('small', {}, 'what decides, what is tried beside it, and how they came to be'));
  replace(root, h('div', { class: 'view' }, h('div', { class: 'list' }, head, stages, list, jobs)));
  const open = [];
  let gone = false;
  const keep = (part) => {
    open.push(part);
    return part.element;
  };

  async function load() {
    const [rollout, runs, models] = await Promise.all([api.has('rollout'), api.has('{kind}/runs'), api.has('models')]);
    if (gone) return;
    if (rollout) await drawStages();
    else follow();
    if (models) versions().then((element) => replace(list, element), (problem) => replace(list, notice(problem)));
    // A server that has models trains them, too.
    if (runs) replace(jobs, h('div', { class: 'columns' }, models ? keep(runsCard('training')) : null, keep(runsCard('etl'))));
  }

  /** A server that knows no rollout still says what is in force. */
  function follow() {
    const tell = () => replace(stages, inForce());
    tell();
    open.push({ destroy: status.listen(tell) });
  }

  async function drawStages() {
    try {
      const rollout = await api.get('rollout');
      if (!gone) replace(stages, content(rollout, keep, drawStages));
    } catch (problem) {
      replace(stages, notice(problem));
    }
  }
  load();
  return {
    destroy() {
      gone = true;
      open.forEach((part) => part.destroy());
    },
  };
}

function inForce() {
  const version = status.latest()?.modelVersion;
  if (!version) return empty('No model is in force', 'The first one is fitted when the system starts.');
  return h('dl', { class: 'facts' }, fact('In force', copyable(version, true)));
}

function content(rollout, keep, again) {
  const { champion, canary, challenger } = rollout;
  const tiles = [modelTile('Champion', champion, 'decides')];
  if (canary) tiles.push(modelTile('Canary', canary, `decides for ${percent(canary.share)} of the accounts`));
  if (challenger) tiles.push(challengerTile(challenger));
  const scores = challenger?.shadow ? shadowScores(challenger.shadow) : null;
  return [
    h('div', { class: 'cards half' }, tiles, scores ? keep(scores) : null),
    actions(rollout, again),
    block('What was changed', audit(rollout.audit)),
  ];
}

const tile = (stage, version, says, ...facts) =>
  h(
    'figure',
    { class: 'card tile' },
    h('header', {}, h('h2', {}, stage), h('span', { class: 'now' }, copyable(version, true))),
    h('p', { class: 'muted' }, says),
    h('dl', { class: 'pairs' }, facts),
  );
const pair = (term, ...what) => [h('dt', {}, term), h('dd', {}, ...what)];

function modelTile(stage, model, says) {
  const predicted = model.predictedAlerts;
  return tile(
    stage,
    model.modelVersion,
    says,
    pair('Decisions', count(model.events)),
    pair('Alerts', count(model.alerts), model.events ? ` (${((model.alerts / model.events) * 1000).toFixed(2)} in 1,000)` : ''),
    predicted ? pair('Predicted', `${count(predicted.low)} – ${count(predicted.high)}${model.asPredicted ? '' : ', outside'}`) : null,
  );
}

function challengerTile({ modelVersion, shadow, gate }) {
  return tile(
    'Challenger',
    modelVersion,
    shadow ? 'scores the same events and raises nothing' : 'waits',
    shadow
      ? [
          pair('Compared', count(shadow.events)),
          pair('Alerts of both', count(shadow.alertsOfBoth)),
          pair('Would vanish', count(shadow.alertsOfDecidingOnly)),
          pair('Would appear', count(shadow.alertsOfChallengerOnly)),
          pair('Overlap', percent(shadow.overlap)),
          pair('Rank correlation', shadow.rankCorrelation?.toFixed(3) ?? '–'),
        ]
      : null,
    gate ? pair('Gate', gate.passed ? 'open' : gate.reasons.join(' ')) : null,
  );
}

/** Both models' scores of the same events. */
function shadowScores(shadow) {
  const bins = shadow.decidingScores ?? [];
  if (!bins.length) return null;
  const words = bins.map((bin) => `from ${bin.from}`);
  return distributionCard({
    title: 'Scores of the same events',
    unit: 'Score',
    words,
    ticks: (i) => (i % Math.ceil(bins.length / 5) === 0 ? String(bins[i].from) : ''),
    series: [
      { label: 'champion', token: '--fillbar', counts: bins.map((bin) => bin.count) },
      { label: 'challenger', token: '--chart-a', counts: (shadow.challengerScores ?? []).map((bin) => bin.count) },
    ],
  });
}

/** Steps that change what decides ask once more, in place. */
function actions(rollout, again) {
  const answer = h('span', { class: 'error', role: 'status' });
  const line = h('div', { class: 'steps' });
  const reset = () => {
    const candidate = rollout.canary?.modelVersion ?? rollout.challenger?.modelVersion;
    replace(
      line,
      candidate ? step(`Promote ${candidate}`, `models/${api.id(candidate)}/promote`, `${candidate} then decides for all accounts.`) : null,
      candidate ? step('Promote against the gate', `models/${api.id(candidate)}/promote`, `${candidate} then decides, whatever the gate says.`, { force: true }) : null,
      rollout.canary || rollout.former.length
        ? step('Roll back', 'models/rollback', rollout.canary ? 'The canary ends.' : `${rollout.former.at(-1)} decides again.`)
        : null,
      answer,
    );
  };

  function step(words, path, says, body = {}) {
    return h('button', { type: 'button', class: 'plain', onclick: () => confirm(words, path, says, body) }, words);
  }

  function confirm(words, path, says, body) {
    const reason = h('input', { name: 'reason', placeholder: 'Why', 'aria-label': 'Why', autocomplete: 'off' });
    replace(
      line,
      h('b', {}, `${words}? `),
      h('span', {}, says),
      reason,
      h('button', { type: 'button', class: 'primary', onclick: () => go(path, { ...body, by: 'console', reason: reason.value }) }, words),
      h('button', { type: 'button', class: 'plain', onclick: reset }, 'Leave it'),
    );
    reason.focus();
  }

  async function go(path, body) {
    reset();
    try {
      await api.post(path, body);
      again();
    } catch (problem) {
      answer.textContent = problem.detail ?? problem.title;
    }
  }
  reset();
  return line;
}

function audit(entries) {
  if (!entries.length) return empty('Nothing yet', 'Each promotion, rollback and canary is recorded here.');
  const rows = entries
    .slice(0, 20)
    .map((entry) => [time(entry.at), entry.action, h('span', { class: 'mono' }, entry.modelVersion ?? ''), entry.by ?? '', h('span', { class: 'wrap' }, entry.reason ?? '')]);
  return dataTable([['When'], ['What'], ['Model'], ['By'], ['Why']], rows);
}
