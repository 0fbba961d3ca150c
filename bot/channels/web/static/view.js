// The list of bubbles on the screen: drawn from the transcript, changed in place, scrolled only where it helps.

import { attachment } from './attachment.js';
import { rows } from './choices.js';
import { between, clock, moment } from './dates.js';
import { plain, write } from './rich.js';
import { text } from './server.js';

const NEAR = 120;

export class View {
  #log = document.getElementById('log');
  #scroller = document.getElementById('scroller');
  #jump = document.getElementById('jump');
  #drawn = new Map();

  /** press(bubble, choice, button), resend(bubble), preview(id), say(sentence): called back. */
  constructor({ press, resend, preview, say }) {
    this.press = press;
    this.preview = preview;
    this.resend = resend;
    this.say = say;
    this.#jump.addEventListener('click', () => this.#scroll(this.#scroller.scrollHeight));
    this.#scroller.addEventListener('scroll', () => this.nearEnd() && (this.#jump.hidden = true), { passive: true });
  }

  nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /**
   * Draws the bubbles; how: 'open' (first time, to the end), 'older' (something came above: nothing moves),
   * 'live' (something came below), 'answer' (the same, and the person asked for it: into view, with the focus).
   */
  draw(bubbles, how) {
    const stayed = this.nearEnd();
    const height = this.#scroller.scrollHeight;
    const current = bubbles.filter(({ kind }) => kind === 'bot').reduce((one, other) => (other.touched > (one?.touched ?? 0) ? other : one), null);
    const keep = new Set();
    const changed = [];
    let place = this.#log.firstChild;
    let before = null;
    for (const bubble of bubbles) {
      const at = bubble.at ? new Date(bubble.at) : null;
      const gap = at ? between(before, at) : '';
      before = at ?? before;
      for (const each of gap ? [{ key: `t${bubble.key}`, kind: 'gap', text: gap }, bubble] : [bubble]) {
        keep.add(each.key);
        const [item, isChanged] = this.#item(each, each === current);
        if (isChanged && each.kind !== 'gap') changed.push(item);
        if (item === place) place = place.nextSibling;
        else this.#log.insertBefore(item, place);
      }
    }
    for (const [key, { item }] of this.#drawn) {
      if (keep.has(key)) continue;
      item.remove();
      this.#drawn.delete(key);
    }
    if (how === 'older') this.#scroller.scrollTop += this.#scroller.scrollHeight - height;
    else if (how === 'open') this.#scroller.scrollTop = this.#scroller.scrollHeight;
    else if (changed.length) this.#show(changed, how, stayed);
  }

  #show(changed, how, stayed) {
    const answers = changed.filter((item) => item.classList.contains('bot'));
    if (how === 'answer' || stayed) this.#reveal(changed[0], changed.at(-1));
    else if (answers.length) this.#jump.hidden = false;
    if (how === 'answer' && answers.length) answers.at(-1).querySelector('.bubble').focus({ preventScroll: true });
  }

  /** As little movement as brings the end into view without pushing the beginning out of it. */
  #reveal(first, last) {
    const frame = this.#scroller.getBoundingClientRect();
    const top = first.getBoundingClientRect().top - frame.top - 12;
    const rest = last.getBoundingClientRect().bottom - frame.bottom + 16;
    if (top < 0) this.#scroll(this.#scroller.scrollTop + top);
    else if (rest > 0) this.#scroll(this.#scroller.scrollTop + Math.min(rest, top));
  }

  #scroll(top) {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#scroller.scrollTo({ top, behavior: calm ? 'instant' : 'smooth' });
  }

  #item(bubble, isCurrent) {
    const stamp = `${bubble.touched ?? ''}|${bubble.state ?? ''}|${bubble.seq ?? ''}|${bubble.file?.href ?? ''}|${bubble.kind === 'gap' ? bubble.text : ''}`;
    const known = this.#drawn.get(bubble.key);
    const item = known?.item ?? document.createElement('li');
    const isChanged = known?.stamp !== stamp;
    if (isChanged) {
      item.className = bubble.kind;
      if (bubble.kind === 'bot') this.#bot(item, bubble, Boolean(known));
      else if (bubble.kind === 'mine') this.#mine(item, bubble);
      else item.textContent = bubble.text;
      this.#drawn.set(bubble.key, { item, stamp });
    }
    item.classList.toggle('current', isCurrent);
    return [item, isChanged];
  }

  #bot(item, bubble, isEdit) {
    const bubbleNode = document.createElement('div');
    bubbleNode.className = 'bubble';
    bubbleNode.tabIndex = -1;
    bubbleNode.dataset.seq = bubble.seq;
    bubbleNode.setAttribute('role', 'article');
    const at = new Date(bubble.at);
    bubbleNode.setAttribute('aria-label', `${text(bubble.reminder ? 'reminder_came' : 'bot')} ${clock(at)}`);
    if (bubble.reminder) {
      const mark = document.createElement('p');
      mark.className = 'due';
      const when = moment(new Date(bubble.due ?? bubble.at));
      mark.textContent = bubble.due ? text('reminder_late', { when }) : `${text('reminder_came')} ${when}`;
      bubbleNode.append(mark);
    }
    const words = document.createElement('div');
    words.className = 'words';
    words.dir = 'auto';
    write(words, bubble.screen.text);
    bubbleNode.append(words);
    if (bubble.file) bubbleNode.append(attachment(bubble.file));
    item.classList.toggle('reminder', bubble.reminder);
    item.replaceChildren(bubbleNode);
    if (bubble.screen.rows.length) {
      item.append(rows(bubble.touched, bubble.screen, (choice, button) => this.press(bubble, choice, button), this.say));
    }
    if (isEdit) item.classList.add('edited');
  }

  #mine(item, bubble) {
    const words = document.createElement('div');
    words.className = 'bubble';
    words.dir = 'auto';
    const who = document.createElement('span');
    who.className = 'unseen';
    who.textContent = text('you');
    words.append(who);
    if (bubble.upload) words.append(bubble.upload.node);
    if (bubble.file) words.append(attachment(bubble.file, this.preview(bubble.id)));
    if (bubble.text) words.append(said(bubble));
    words.classList.toggle('carries', Boolean(bubble.upload || bubble.file));
    item.replaceChildren(words);
    item.classList.toggle('sending', bubble.state === 'sending' && !bubble.upload);
    if (bubble.state !== 'failed' || bubble.upload) return;
    const retry = document.createElement('button');
    retry.type = 'button';
    retry.className = 'choice retry';
    retry.textContent = text('again');
    retry.addEventListener('click', () => this.resend(bubble));
    item.append(retry);
  }
}

/** What was typed, alone or below a file. */
function said({ text: words, file }) {
  if (!file) return document.createTextNode(words);
  const caption = document.createElement('div');
  caption.className = 'caption';
  caption.dir = 'auto';
  caption.textContent = words;
  return caption;
}

/** The words of a bubble or row with a screen, as a screen reader is told them. */
export function spoken({ screen }) {
  return plain(screen.text);
}
