// What the books of a run say: who made a profit, and who paid whom.

import { caption, empty, foldedTable, h, table } from '../dom.js';
import { credits } from '../format.js';
import { flowChart } from './flow.js';
import { profitTable } from './profit.js';

function lead(money) {
  return (
    `A result that is right cost ${credits(money.cost_per_valid_result)} credits. The Gini ` +
    `coefficient of what nodes earned is ${money.gini.toFixed(2)}: 0 where all earned the same, ` +
    '1 where one earned all.'
  );
}

function flowTable(flows) {
  return table({
    caption: 'Who paid whom, less what came back',
    head: ['From', 'to', 'credits'],
    text: 2,
    rows: flows.map((flow) => [flow.from, flow.to, credits(flow.amount)]),
  });
}

export function showMoney(data) {
  const { money } = data;
  if (!money) return;
  document.getElementById('money').hidden = false;
  document.querySelector('nav a[href="#money"]').hidden = false;
  const body = document.getElementById('money-body');
  body.append(h('p', { class: 'lead' }, lead(money)));
  if (money.earners.length > 0) {
    body.append(
      h(
        'figure',
        {},
        profitTable(money.earners),
        caption(
          'Credits. Costs are those of computing and of being there, stakes that were taken, and ' +
            'fees of registrations; what is earned and not yet paid out counts. The bars show the ' +
            'profit of one node in the mean: losses to the left of the line.',
        ),
      ),
    );
  }
  const intents = new Map(money.earners.map((earner) => [earner.name, earner.intent]));
  body.append(
    h('h3', { class: 'flow-title' }, 'Who paid whom'),
    money.flows.length === 0
      ? empty('Nobody paid anything.')
      : h(
          'figure',
          {},
          flowChart(money.flows, intents),
          caption(
            'Payments less what came back, in credits; as wide as they are large. Point at a ' +
              'stream for its amount.',
          ),
        ),
  );
  if (money.flows.length > 0) {
    body.append(foldedTable('Payments as a table', () => flowTable(money.flows)));
  }
}
