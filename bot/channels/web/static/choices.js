// The buttons under a bubble, in the rows that the server gives: pressed, or copied (with a QR code beside it).

import { drawing, icon } from './rich.js';
import { getDrawing, text } from './server.js';

const QR = 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2';
const COPY = 'M9 9h10v11H9zM15 9V4H5v11h4';
const DONE = 'M5 12.500l5 5 9-10';
const SAID_FOR = 2_000;
let panels = 0;

/** Every row of a screen; press(choice, button) is called for those that are pressed. */
export function rows(seq, screen, press, say) {
  const group = document.createElement('div');
  group.className = 'choices';
    let first = true;
  screen.rows.forEach((row, at) => {
    const line = document.createElement('div');
    line.className = 'row';
    const below = [];
    row.forEach((choice, column) => {
      if ('copy' in choice) {
        const [piece, panel] = copied(choice, `/qr?seq=${seq}&row=${at}&col=${column}`, say);
        line.append(piece);
        below.push(panel);
        if (first) piece.firstChild.classList.add('first');
      } else {
        line.append(pressed(choice, press, first));
      }
      first = false;
    });
    group.append(line, ...below);
  });
  return group;
}

/** Puts text on the clipboard, also where the page has no secure context. Returns whether it worked. */
export async function copy(words) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(words);
      return true;
    } catch {
      // Not permitted just now: the older way may still work.
    }
  }
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = words;
  area.readOnly = true;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  area.setSelectionRange(0, words.length);
  const worked = document.execCommand('copy');
  area.remove();
  focused?.focus({ preventScroll: true });
  return worked;
}

/** A button that copies and says so for two seconds. */
export function copying(button, words, say) {
  const label = button.querySelector('span') ?? button;
  const before = label.textContent;
  button.addEventListener('click', async () => {
    if (!(await copy(typeof words === 'function' ? words() : words))) {
      say(text('copy_by_hand'));
      return;
    }
    label.textContent = text('copied');
    button.classList.add('done');
    button.querySelector('svg path')?.setAttribute('d', DONE);
    say(text('copied'), true);
    setTimeout(() => {
      label.textContent = before;
      button.classList.remove('done');
      button.querySelector('svg path')?.setAttribute('d', COPY);
    }, SAID_FOR);
  });
}

function pressed(choice, press, first) {
  const button = labelled(choice.label, 'choice');
  if (first) button.classList.add('first');
  button.addEventListener('click', () => press(choice, button));
  return button;
}

function copied(choice, address, say) {
  const piece = document.createElement('div');
  piece.className = 'piece';
  const button = labelled('', 'choice copy');
  const label = document.createElement('span');
  label.dir = 'auto';
  label.textContent = choice.label;
  button.append(icon(COPY), label);
  copying(button, choice.copy, say);

  const panel = document.createElement('div');
  panel.className = 'qr-panel';
  panel.id = `qr${(panels += 1)}`;
  panel.hidden = true;
  const toggle = labelled('', 'choice qr-button');
  toggle.append(icon(QR));
  toggle.setAttribute('aria-label', `${text('qr_title')}：${choice.label}`);
  toggle.title = text('qr_title');
  toggle.setAttribute('aria-expanded', 'false');
  toggle.setAttribute('aria-controls', panel.id);
  toggle.addEventListener('click', () => unfold(panel, toggle, choice.label, address));
  piece.append(button, toggle);
  return [piece, panel];
}

async function unfold(panel, toggle, label, address) {
  panel.hidden = !panel.hidden;
  toggle.setAttribute('aria-expanded', String(!panel.hidden));
  if (panel.hidden || panel.querySelector('svg')) return;
  const said = document.createElement('p');
  said.textContent = text('qr_title');
  panel.replaceChildren(said);
  try {
    const drawn = drawing(await getDrawing(address));
    if (!drawn) throw new Error(text('not_sent'));
    drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', `${text('qr_title')}：${label}`);
    const paper = document.createElement('div');
    paper.className = 'qr';
    paper.append(drawn);
    panel.append(paper);
  } catch (refused) {
    said.textContent = refused.message;
  }
  panel.scrollIntoView({ block: 'nearest' });
}

function labelled(label, classes) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = classes;
  button.dir = 'auto';
  button.textContent = label;
  return button;
}
