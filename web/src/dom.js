// Small helpers over the DOM.

/**
 * Makes an element. Strings among the children become text, never markup.
 * @param {string} tag
 * @param {Object<string, any>} attributes `on…` are listeners, `class` and others attributes
 */
export function h(tag, attributes = {}, ...children) {
  const svg = svgTags.has(tag);
  const node = svg
    ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const svgTags = new Set(['svg', 'g', 'line', 'rect', 'circle', 'path', 'text', 'title', 'tspan']);

/**
 * A table that scrolls sideways where it does not fit.
 * @param {{caption: string, head: string[], rows: (string|Node)[][], text?: number}} spec
 *   `text`: how many leading columns hold text; the others hold numbers
 */
export function table({ caption, head, rows, text = 1, name = '' }) {
  const cell = (tag, column, content) =>
    h(tag, { class: column < text ? 'text' : 'number' }, content);
  const headRow = head.map((title, i) => {
    const node = cell('th', i, title);
    node.setAttribute('scope', 'col');
    return node;
  });
  const bodyRows = rows.map((row) =>
    h(
      'tr',
      {},
      row.map((content, i) => {
        if (i > 0) return cell('td', i, content);
        const node = cell('th', i, content);
        node.setAttribute('scope', 'row');
        return node;
      }),
    ),
  );
  return h(
    'div',
    { class: `scroll ${name}`, tabindex: '0', role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, headRow)),
      h('tbody', {}, bodyRows),
    ),
  );
}

/** A folded table that is made when it is first opened. */
export function foldedTable(label, makeTable) {
  const details = h('details', { class: 'data' }, h('summary', {}, label));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(makeTable());
  });
  return details;
}

/** The caption under a chart. */
export function caption(...children) {
  return h('figcaption', {}, ...children);
}

export function empty(message) {
  return h('p', { class: 'empty' }, message);
}
