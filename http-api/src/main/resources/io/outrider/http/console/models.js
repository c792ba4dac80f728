// Models: what decides, what is being tried, two versions side by side, all versions, and the jobs that make them.
import * as api from './api.js';
import { backtestCard } from './backtest.js';
import { sideBySide, versionsBlock } from './compare.js';
import { performance } from './performance.js';
import { auditBlock, forgetRefusal, stagesBlock } from './rollout.js';
import { runsCard } from './runs.js';
import { block, h, notice, replace, skeleton } from './dom.js';

const POLL_MS = 5000;

/** `#/models/VERSION` compares that version with the champion, `?backtest=RUN` shows what that run found. */
export function modelsView(root, { id, query }) {
  const stages = h('div', {}, skeleton(3));
  const both = h('div', {});
  const list = h('div', {});
  const backtest = backtestCard(query.get('backtest'));
  const audit = h('div', {});
  const jobs = h('div', { class: 'columns' });
  const head = h('div', { class: 'head' }, h('h1', {}, 'Models'), h('small', {}, 'what decides, what is tried beside it, and how they came to be'));
  replace(root, h('div', { class: 'view' }, h('div', { class: 'list' }, head, stages, both, backtest.element, list, jobs, audit)));
  const drawn = { stages: [], rest: [] };
  let gone = false;
  let told = '';
  const keeping = (parts) => (part) => {
    parts.push(part);
    return part.element;
  };
  const clear = (parts) => parts.splice(0).forEach((part) => part.destroy());
  const runs = ['training', 'etl'].map((kind) => runsCard(kind, load));
  jobs.append(...runs.map((card) => card.element));

  /** Whoever is about to decide is not interrupted, not by what was asked for before either. */
  const deciding = () => root.querySelector('.steps input') !== null;

  /** Counts are drawn anew each time; the rest only when there is another model, or one is at another stage. */
  async function load() {
    try {
      const [rollout, { items }] = await Promise.all([api.get('rollout'), api.get('models')]);
      if (gone || deciding()) return;
      clear(drawn.stages);
      replace(stages, stagesBlock(rollout, items.map((model) => model.version), keeping(drawn.stages), load));
      const now = JSON.stringify([rollout.revision, items.map((model) => model.version), id]);
      if (now === told) return;
      told = now;
      clear(drawn.rest);
      const tried = rollout.canary?.modelVersion ?? rollout.challenger?.modelVersion;
      backtest.models(items.map((model) => model.version), rollout.champion.modelVersion, tried);
      const keep = keeping(drawn.rest);
      replace(list, versionsBlock(items, stagesOf(rollout), keep));
      replace(audit, auditBlock(rollout.audit));
      await compare(rollout, items, keep);
    } catch (problem) {
      if (!told) replace(stages, notice(problem));
    }
  }

  async function compare(rollout, items, keep) {
    const champion = items.find((model) => model.version === rollout.champion.modelVersion);
    const tried = rollout.canary?.modelVersion ?? rollout.challenger?.modelVersion ?? items.filter((model) => model !== champion).at(-1)?.version;
    const other = items.find((model) => model.version === (id ?? tried) && model !== champion) ?? null;
    if (!champion) return;
    const choice = items.filter((model) => model !== champion).reverse();
    const select = h(
      'select',
      { 'aria-label': 'Version to compare', onchange: (event) => (location.hash = `#/models/${api.id(event.target.value)}`) },
      choice.map(({ version }) => h('option', { value: version, selected: version === other?.version }, version)),
    );
    const live = await performance('model').catch(() => ({}));
    if (gone) return;
    replace(
      both,
      other
        ? h('section', { class: 'block' }, h('div', { class: 'titled' }, h('h2', {}, 'Champion and '), h('span', { class: 'filters inline' }, select)), sideBySide(champion, other, live, keep))
        : block('The champion, measured', sideBySide(champion, null, live, keep)),
    );
  }

  load();
  const timer = setInterval(() => deciding() || load(), POLL_MS);
  return {
    show(next) {
      id = next;
      load();
    },
    destroy() {
      gone = true;
      clearInterval(timer);
      forgetRefusal();
      clear(drawn.stages);
      clear(drawn.rest);
      backtest.destroy();
      runs.forEach((card) => card.destroy());
    },
  };
}

function stagesOf({ champion, canary, challenger, former, archived }) {
  const stages = new Map();
  archived.forEach((version) => stages.set(version, 'archived'));
  former.forEach((version) => stages.set(version, 'former champion'));
  if (challenger) stages.set(challenger.modelVersion, 'challenger');
  if (canary) stages.set(canary.modelVersion, 'canary');
  stages.set(champion.modelVersion, 'champion');
  return stages;
}
