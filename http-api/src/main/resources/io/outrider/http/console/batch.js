// Scores a CSV file of transactions that have not happened, row by row, and gives the results back as a table and a file.
import * as api from './api.js';
import { amount, count, score } from './format.js';
import { dataTable, h, notice, replace, severityWord, shortened } from './dom.js';
import { download, format, parse } from './csv.js';

const FIELDS = ['user_id', 'amount', 'merchant_id', 'device_type', 'ip_address', 'timestamp'];
const AT_ONCE = 100;
const MOST = 10000;
const SHOWN = 200;

export function batchSection() {
  const out = h('div', {});
  const file = h('input', { type: 'file', accept: '.csv,text/csv', 'aria-label': 'CSV file', onchange: chosen });
  const sample = h('button', { type: 'button', class: 'plain', onclick: giveSample }, 'Sample file');
  const box = h(
    'section',
    { class: 'block' },
    h('h2', {}, 'Many at once'),
    h(
      'div',
      { class: 'form drop' },
      h('p', { class: 'muted' }, `A CSV file with the columns ${FIELDS.join(', ')}; the first two are needed, up to ${count(MOST)} rows. Nothing is recorded.`),
      h('div', { class: 'actions' }, file, sample),
    ),
    out,
  );

  async function giveSample() {
    const page = await api.get('accounts?limit=5').catch(() => ({ items: [] }));
    const accounts = page.items.length ? page.items : [{ account: '4711', usualAmount: 40 }];
    const rows = accounts.flatMap((a) => [
      [a.account, (a.usualAmount ?? 40).toFixed(2), 'm-1', 'mobile', '192.0.2.1', ''],
      [a.account, ((a.usualAmount ?? 40) * 60).toFixed(2), 'm-never-seen', 'desktop', '198.51.100.7', ''],
    ]);
    download('outrider-sample.csv', format([FIELDS, ...rows]));
  }

  async function chosen() {
    const [picked] = file.files;
    if (!picked) return;
    try {
      const questions = read(await picked.text());
      await ask(questions, picked.name);
    } catch (problem) {
      replace(out, notice({ title: 'This file cannot be scored', detail: problem.message ?? problem.detail }));
    }
    file.value = '';
  }

  async function ask(questions, name) {
    const answers = [];
    for (let from = 0; from < questions.length; from += AT_ONCE) {
      replace(out, h('p', { class: 'progressline' }, h('progress', { max: questions.length, value: from, 'aria-label': 'Scored so far' }), `${count(from)} of ${count(questions.length)}`));
      const part = questions.slice(from, from + AT_ONCE);
      answers.push(...(await api.post('score', part).catch((problem) => (problem.status === 400 ? oneByOne(part) : Promise.reject(problem)))));
    }
    show(questions, answers, name);
  }

  /** A bad row fails the whole request: each is then asked for alone, so that only the bad ones have no score. */
  async function oneByOne(part) {
    const answers = [];
    for (const question of part) answers.push(await api.post('score', question).catch((problem) => ({ problem })));
    return answers;
  }

  function show(questions, answers, name) {
    const flagged = answers.filter((a) => a.anomalous).length;
    const failed = answers.filter((a) => a.problem).length;
    const take = () => download(name.replace(/(\.csv)?$/i, '-scored.csv'), format(table(questions, answers)));
    const rows = questions.slice(0, SHOWN).map((q, i) => [
      count(i + 1),
      h('bdi', { title: q.user_id }, shortened(q.user_id ?? '', 24)),
      amount(Number(q.amount)),
      answers[i].problem ? '–' : score(answers[i].score),
      answers[i].problem ? '' : answers[i].anomalous ? severityWord(answers[i].severity) : 'ordinary',
      h('span', { class: 'wrap' }, answers[i].problem?.detail ?? answers[i].reasons?.[0] ?? ''),
    ]);
    replace(
      out,
      h(
        'div',
        { class: 'titled block' },
        h('h2', {}, `${count(answers.length)} scored, ${count(flagged)} would be flagged${failed ? `, ${count(failed)} could not be read` : ''}`),
        h('button', { type: 'button', class: 'primary', onclick: take }, 'Take the results'),
      ),
      dataTable([['Row', 1], ['Account'], ['Amount', 1], ['Score', 1], ['Verdict'], ['Why']], rows),
      questions.length > SHOWN ? h('p', { class: 'endline muted' }, `The first ${count(SHOWN)}; the file has all.`) : null,
    );
  }
  return box;
}

/** Questions from the file's text; throws in words where it is no such file. */
function read(text) {
  const [head, ...rows] = parse(text.replace(/^\uFEFF/, ''));
  if (!head) throw new Error('It is empty.');
  const names = head.map((name) => name.trim());
  for (const needed of FIELDS.slice(0, 2)) if (!names.includes(needed)) throw new Error(`Column ${needed} is missing; there are ${names.join(', ')}.`);
  if (rows.length > MOST) throw new Error(`${count(rows.length)} rows are more than ${count(MOST)}.`);
  return rows.map((row) => {
    const question = {};
    names.forEach((name, i) => {
      if (!FIELDS.includes(name) || !row[i]) return;
      question[name] = name === 'amount' && row[i].trim() !== '' && !Number.isNaN(Number(row[i])) ? Number(row[i]) : row[i];
    });
    return question;
  });
}

function table(questions, answers) {
  const head = [...FIELDS, 'score', 'threshold', 'anomalous', 'severity', 'model_version', 'reasons', 'error'];
  const rows = questions.map((q, i) => {
    const a = answers[i];
    const said = a.problem
      ? ['', '', '', '', '', '', a.problem.detail ?? a.problem.title]
      : [a.score, a.threshold, a.anomalous, a.severity ?? '', a.modelVersion, (a.reasons ?? []).join('; '), ''];
    return [...FIELDS.map((field) => q[field] ?? ''), ...said];
  });
  return [head, ...rows];
}
