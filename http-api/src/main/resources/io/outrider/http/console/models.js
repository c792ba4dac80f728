// Models: what decides, what is being tried, two versions side by side, all versions, and the jobs that make them.
import * as api from './api.js';
import { failed, inOrder, redraw } from './arrival.js';
import { backtestCard } from './backtest.js';
import { sideBySide, versionsBlock } from './compare.js';
import { performance } from './performance.js';
import { auditBlock, forgetRefusal, stagesBlock, stepsLine } from './rollout.js';
import { runsCard } from './runs.js';
import { block, h, replace } from './dom.js';

const POLL_MS = 5000;

/** `#/models/VERSION` compares that version with the champion, `?backtest=RUN` shows what that run found. */
export function modelsView(root, { id, query }) {
  const tiles = h('div', {});
  const steps = h('div', {});
  const both = h('div', {});
  const versions = h('div', {});
  const backtest = backtestCard(query.get('backtest'));
  const audit = h('div', {});
  const jobs = h('div', { class: 'columns' });
  const head = h('div', { class: 'head' }, h('h1', {}, 'Models'), h('small', {}, 'what decides, what is tried beside it, and how they came to be'));
  const list = h('div', { class: 'list' }, head);
  replace(root, h('div', { class: 'view' }, list));
  const drawn = { tiles: [], rest: [] };
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
  let staged;
  const first = new Promise((resolve) => (staged = resolve));

  /** Counts are drawn anew each time; the rest only when there is another model, one is at another stage, or a step was taken. */
  async function load(taken = false) {
    try {
      const [rollout, { items }] = await Promise.all([api.get('rollout'), api.get('models')]);
      if (gone || deciding()) return;
      clear(drawn.tiles);
      redraw(tiles, stagesBlock(rollout, keeping(drawn.tiles)));
      drawn.tiles.forEach((chart) => chart.draw());
      const names = items.map((model) => model.version);
      const now = JSON.stringify([rollout.revision, names, id]);
      if (now !== told || taken) redraw(steps, stepsLine(rollout, names, () => load(true)));
      staged();
      if (now === told) return;
      told = now;
      clear(drawn.rest);
      const tried = rollout.canary?.modelVersion ?? rollout.challenger?.modelVersion;
      backtest.models(names, rollout.champion.modelVersion, tried);
      const keep = keeping(drawn.rest);
      replace(versions, versionsBlock(items, stagesOf(rollout), keep));
      replace(audit, auditBlock(rollout.audit));
      await compare(rollout, items, keep);
    } catch (problem) {
      if (gone || told) return;
      replace(tiles, failed(problem, () => load()));
      backtest.noModels();
      staged();
    }
  }

  async function reveal(loaded) {
    const stages = first.then(() => h('div', {}, tiles, steps));
    await inOrder(list, [stages, loaded.then(() => both), Promise.all([loaded, backtest.ready]).then(() => backtest.element)], () => gone);
    backtest.reveal();
    await inOrder(list, [loaded.then(() => versions), Promise.all(runs.map((card) => card.ready)).then(() => jobs), audit], () => gone);
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

  reveal(load());
  const timer = setInterval(() => {
    if (deciding()) return;
    load();
    [...runs, backtest].forEach((card) => card.refresh());
  }, POLL_MS);
  return {
    show(next) {
      id = next;
      load();
    },
    destroy() {
      gone = true;
      clearInterval(timer);
      forgetRefusal();
      clear(drawn.tiles);
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
