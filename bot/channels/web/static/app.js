// The page of the chat: puts transcript, stream, view and composer together.

import { announce, count, seen, toast } from './attention.js';
import { Composer } from './composer.js';
import { openMenu } from './menu.js';
import { offerPicking } from './picking.js';
import { get, newId, openSession, person, post, replaced, text } from './server.js';
import { follow } from './stream.js';
import { Transcript } from './transcript.js';
import { Uploads } from './uploads.js';
import { View, spoken } from './view.js';

const PAGE = 60;
const FEW = 8;
const SETTLE = 15;
const LATE = 300;
const FORGOTTEN = 'jieru.forgotten';
// Screens that carry a date: from then on the page says that it cannot remind once it is closed.
const DATED = /还剩|截止|倒计时/;

const find = (id) => document.getElementById(id);
const transcript = new Transcript();
const uploads = new Uploads({ expect, drop, deliver: (work) => deed(work, true), say: toast });
const view = new View({ press, resend, preview: (id) => uploads.preview(id), say: toast });
const composer = new Composer({ send });
const pressIds = new Map();
let working = 0;
let asked = 0;
let fresh = [];
let drawing = 0;
let hasOlder = false;

function fill() {
  for (const each of document.querySelectorAll('[data-text]')) each.textContent = text(each.dataset.text);
  for (const each of document.querySelectorAll('[data-label]')) each.setAttribute('aria-label', text(each.dataset.label));
  for (const each of document.querySelectorAll('[data-placeholder]')) each.placeholder = text(each.dataset.placeholder);
}

function draw(how) {
  const bubbles = transcript.bubbles();
  // First what takes room from the list, then the list, so that it scrolls to where it stays.
  find('older').hidden = !hasOlder;
  find('closed').hidden = !transcript.some(({ row }) => row.screen && DATED.test(spoken(row)));
  view.draw(bubbles, how);
  document.documentElement.dataset.seq = transcript.last;
  return bubbles;
}

/** Rows from the stream, another tab or a catch-up. What one answer brings is drawn in one go. */
function receive(rows) {
  const added = transcript.add(rows);
  for (const { row } of added) if (row.file && row.op === 'said') uploads.arrived(row.id);
  fresh.push(...added);
  if (!fresh.length || drawing) return;
  drawing = setTimeout(() => {
    drawing = 0;
    const known = new Set(fresh.map(({ seq }) => seq));
    fresh = [];
    const bubbles = draw(asked && !composer.isTyping ? 'answer' : 'live');
    const news = bubbles.filter((each) => each.kind === 'bot' && known.has(each.touched));
    news.forEach((each) => announce(spoken(each)));
    const reminder = news.filter((each) => each.reminder).at(-1);
    count(news.length, reminder && { seq: reminder.seq, body: spoken(reminder) });
    if (!document.hidden && document.activeElement === document.body) find('scroller').focus({ preventScroll: true });
  }, SETTLE);
}

async function catchUp() {
  try {
    for (let more = true; more; ) {
      const found = await get(`/history?after=${transcript.last}&limit=200`);
      receive(found.rows);
      more = found.more && found.rows.length > 0;
    }
  } catch {
    // The stream tells when the server is back, and then this runs again.
  }
}

async function loadBefore(seq) {
  const found = await get(`/history?before=${seq}&limit=${PAGE}`);
  transcript.add(found.rows);
  hasOlder = found.more;
}

/** One deed of the person: shows that it is under way (isSeen: they see that already), and waits until its rows are on
 * the page. */
async function deed(work, isSeen = false) {
  working += isSeen ? 0 : 1;
  const busy = isSeen ? 0 : setTimeout(() => showWorking(), 180);
  asked += 1;
  try {
    const answer = await work();
    if (answer.reset) reset();
    if (answer.toast) toast(answer.toast);
    if (transcript.last < answer.last) await arrived(answer.last);
    return answer;
  } finally {
    working -= isSeen ? 0 : 1;
    clearTimeout(busy);
    find('typing').hidden = working === 0;
    setTimeout(() => (asked -= 1), SETTLE * 3);
  }
}

function showWorking() {
  const stays = view.nearEnd();
  find('typing').hidden = false;
  if (stays) find('typing').scrollIntoView({ block: 'end' });
}

async function arrived(last) {
  await new Promise((resume) => setTimeout(resume, LATE));
  if (transcript.last < last) await catchUp();
}

async function press(bubble, choice, button) {
  if (button.getAttribute('aria-busy')) return;
  const key = `${bubble.seq}:${choice.press}`;
  // Pressed again after a lost answer it is the same deed.
  const id = pressIds.get(key) ?? newId();
  pressIds.set(key, id);
  button.setAttribute('aria-busy', 'true');
  try {
    await deed(() => post('/press', { id, message: String(bubble.seq), press: choice.press, label: choice.label }));
    pressIds.delete(key);
  } catch (refused) {
    if (refused.status) pressIds.delete(key);
    toast(refused.message);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

function send(said) {
  return deliver(newId(), said);
}

function resend(bubble) {
  return deliver(bubble.id, bubble.text);
}

async function deliver(id, said) {
  transcript.expect(id, said, 'sending');
  draw('answer');
  try {
    await deed(() => post('/say', { id, text: said }));
  } catch (refused) {
    transcript.expect(id, said, 'failed');
    draw('live');
    toast(refused.message);
  }
}

/** A file that is on its way, or waits for it. */
function expect(upload) {
  const isNew = !transcript.isExpected(upload.id);
  transcript.expect(upload.id, '', upload.state, upload);
  draw(isNew ? 'answer' : 'live');
}

function drop(id) {
  transcript.drop(id);
  draw('live');
}

async function start() {
  try {
    await deed(() => post('/start', { id: newId() }));
  } catch (refused) {
    toast(refused.message);
  }
}

/** Everything was deleted, or this browser has become somebody else: the page begins anew. */
async function reset() {
  composer.clear();
  uploads.clear();
  sessionStorage.setItem(FORGOTTEN, 'yes');
  location.reload();
}

function status(isOpen) {
  const banner = find('banner');
  if (isOpen && !banner.hidden) {
    catchUp();
    uploads.resume();
  }
  banner.textContent = text('reconnecting');
  banner.hidden = isOpen;
}

async function probe() {
  try {
    if (await replaced()) location.reload();
  } catch {
    // Still out of reach.
  }
}

async function begin() {
  const session = await openSession();
  fill();
  await loadBefore(session.last + 1);
  // A long walk through one bubble leaves few bubbles in many rows.
  for (let pages = 0; hasOlder && transcript.bubbles().length < FEW && pages < 5; pages += 1) await loadBefore(transcript.first);
  draw('open');
  openMenu(toast);
  offerPicking((files) => uploads.add(files));
  follow({ name: `jieru ${person()}`, position: () => transcript.last, receive, reset, status, catchUp, probe });
  find('older').addEventListener('click', async () => {
    await loadBefore(transcript.first).catch((refused) => toast(refused.message));
    draw('older');
  });
  document.addEventListener('visibilitychange', () => !document.hidden && seen());
  if (sessionStorage.getItem(FORGOTTEN)) toast(text('forgotten'));
  sessionStorage.removeItem(FORGOTTEN);
  if (session.last === 0) await start();
}

async function beginPatiently() {
  for (;;) {
    try {
      await begin();
      return;
    } catch (refused) {
      if (!(refused.status === 0 || refused.status >= 500)) {
        toast(refused.message);
        return;
      }
      await new Promise((resume) => setTimeout(resume, 1500));
    }
  }
}

beginPatiently();
