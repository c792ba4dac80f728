// What decides and what is tried beside it: stages, alerts that would appear or vanish, and steps, each asked once more.
import * as api from './api.js';
import { distributionCard } from './charts.js';
import { count, percent, time } from './format.js';
import { block, copyable, dataTable, empty, h, replace } from './dom.js';
import { name } from './token.js';

/** What decides, and what is tried beside it. */
export function stagesBlock(rollout, keep) {
  const { champion, canary, challenger } = rollout;
  const tiles = [modelTile('Champion', champion, canary ? 'decides for all other accounts' : 'decides for all accounts')];
  if (canary) tiles.push(modelTile('Canary', canary, `decides for ${percent(canary.share)} of the accounts`));
  if (challenger) tiles.push(challengerTile(challenger));
  if (tiles.length === 1) tiles.push(h('div', { class: 'card tile none' }, h('b', {}, 'Nothing is tried beside it'), h('p', { class: 'muted' }, 'Another version scores the same events and raises nothing, so that you see what it would change.')));
  const scores = challenger?.shadow ? shadowScores(challenger.shadow) : null;
  return h('div', { class: scores || tiles.length > 2 ? 'cards thirds' : 'cards half' }, tiles, scores ? keep(scores) : null);
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
const verdict = (gate) => (gate ? pair('Gate', gate.passed ? 'open' : gate.reasons.join(' ')) : null);

function modelTile(stage, model, says) {
  const predicted = model.predictedAlerts;
  return tile(
    stage,
    model.modelVersion,
    says,
    pair('Decisions', count(model.events)),
    pair('Alerts', count(model.alerts), model.events ? ` (${((model.alerts / model.events) * 1000).toFixed(2)} in 1,000)` : ''),
    predicted ? pair('Alerts predicted', `${count(predicted.low)} – ${count(predicted.high)}${model.asPredicted ? '' : ', which it is outside of'}`) : null,
    verdict(model.gate),
  );
}

function challengerTile({ modelVersion, shadow, gate }) {
  return tile(
    'Challenger',
    modelVersion,
    shadow ? 'scores the same events and raises nothing' : 'waits for the first event',
    shadow ? [pair('Compared', count(shadow.events)), pair('Same ranks', shadow.rankCorrelation?.toFixed(3) ?? '–'), changes(shadow)] : null,
    verdict(gate),
  );
}

/** Alerts under either model: those that would vanish, stay, appear. */
function changes({ alertsOfDecidingOnly: vanish, alertsOfBoth: stay, alertsOfChallengerOnly: appear }) {
  const most = Math.max(1, vanish, stay, appear);
  const bar = (term, n, cls) => pair(term, h('b', { class: 'num' }, count(n)), h('span', { class: 'minibar', 'aria-hidden': 'true' }, h('i', { class: cls, style: { width: `${(n / most) * 100}%` } })));
  return [bar('Alerts that stay', stay, ''), bar('would vanish', vanish, 'vanish'), bar('would appear', appear, 'appear')];
}

/** Both models' scores of the same events. */
function shadowScores({ decidingScores = [], challengerScores = [] }) {
  const starts = [...new Set([...decidingScores, ...challengerScores].map((bin) => bin.from))].sort((a, b) => a - b);
  if (!starts.length) return null;
  const counts = (bins) => starts.map((from) => bins.find((bin) => bin.from === from)?.count ?? 0);
  const word = (from) => from.toFixed(from > 0.99 ? 4 : 2);
  return distributionCard({
    title: 'Scores',
    about: 'of the same events',
    unit: 'Score',
    words: starts.map((from) => `from ${word(from)}`),
    ticks: (i) => (i % Math.ceil(starts.length / 5) === 0 ? word(starts[i]) : ''),
    series: [
      { label: 'champion', token: '--fillbar', counts: counts(decidingScores) },
      { label: 'challenger', token: '--chart-a', counts: counts(challengerScores) },
    ],
  });
}

/** Why the last step was refused; it stays while the counts beside it are drawn anew. */
let refused = '';

export const forgetRefusal = () => (refused = '');

/** Steps that change what decides, or what is compared, ask once more, in place. */
export function stepsLine(rollout, versions, again) {
  const answer = h('span', { class: 'error', role: 'status' }, refused);
  const line = h('div', { class: 'steps', role: 'group', 'aria-label': 'Steps' });
  const goes = rollout.canary?.modelVersion ?? rollout.champion.modelVersion;
  const candidate = rollout.canary?.modelVersion ?? rollout.challenger?.modelVersion;
  const others = versions.filter((version) => version !== rollout.champion.modelVersion && version !== candidate);
  const reset = () =>
    replace(
      line,
      candidate ? step(`Promote ${candidate}`, `models/${api.id(candidate)}/promote`, `${candidate} then decides for all accounts.`) : null,
      candidate ? step('Promote against the gate', `models/${api.id(candidate)}/promote`, `${candidate} then decides, whatever the gate says.`, { force: true }) : null,
      rollout.challenger && !rollout.canary ? step('Try on 5 % of the accounts', 'rollout', `${candidate} then decides for them.`, { action: 'canary', modelVersion: candidate, share: 0.05 }) : null,
      rollout.challenger ? step('End the comparison', 'rollout', `${rollout.challenger.modelVersion} is no longer scored.`, { action: 'end-shadow' }) : null,
      !rollout.challenger && others.length
        ? step(`Compare ${others.at(-1)}`, 'rollout', `${others.at(-1)} then scores every event beside the champion and raises nothing.`, { action: 'shadow', modelVersion: others.at(-1) })
        : null,
      rollout.canary || rollout.former.length
        ? step('Roll back', 'models/rollback', rollout.canary ? 'The canary ends.' : `${rollout.former.at(-1)} decides again.`, { modelVersion: goes })
        : null,
      answer,
    );
  const step = (words, path, says, body = {}) =>
    h('button', { type: 'button', class: 'plain', onclick: () => confirm(words, path, says, body) }, words);

  function confirm(words, path, says, body) {
    const reason = h('input', { name: 'reason', placeholder: 'Why', 'aria-label': 'Why', autocomplete: 'off' });
    replace(
      line,
      h('b', {}, `${words}? `),
      h('span', {}, says),
      reason,
      h('button', { type: 'button', class: 'primary', onclick: () => go(path, { ...body, by: name() ?? 'console', reason: reason.value }) }, words),
      h('button', { type: 'button', class: 'plain', onclick: reset }, 'Leave it'),
    );
    reason.focus();
  }

  async function go(path, body) {
    refused = '';
    answer.textContent = '';
    reset();
    try {
      await api.post(path, body);
      again();
    } catch (problem) {
      refused = [problem.title, ...(problem.reasons ?? [problem.detail])].join(': ');
      again();
    }
  }
  reset();
  return line;
}

export function auditBlock(entries) {
  const rows = entries
    .slice(0, 20)
    .map((entry) => [time(entry.at), entry.action, h('span', { class: 'mono' }, entry.modelVersion ?? ''), h('bdi', {}, entry.by ?? ''), h('bdi', { class: 'wrap' }, entry.reason ?? '')]);
  return block(
    'What was changed',
    rows.length ? dataTable([['When'], ['What'], ['Model'], ['By'], ['Why']], rows) : empty('Nothing yet', 'Each promotion, rollback and canary is recorded here.'),
  );
}
