// Telling somebody who looks elsewhere: the live region, the toast, the title, and a notification if it was allowed.

import { text } from './server.js';

const live = document.getElementById('live');
const notice = document.getElementById('toast');
const WANTED = 'jieru.notify';
const SPOKEN = 10_000;
const title = document.title;
let unread = 0;
let fading = 0;

/** For screen readers only. */
export function announce(sentence) {
  const line = document.createElement('p');
  line.textContent = sentence;
  live.append(line);
  // Once it was read out it must not be met a second time by whoever walks through the page.
  setTimeout(() => line.remove(), SPOKEN);
}

/** A short sentence over the composer; isQuiet tells screen readers only, because the eye sees it elsewhere. */
export function toast(sentence, isQuiet = false) {
  if (isQuiet) {
    announce(sentence);
    return;
  }
  clearTimeout(fading);
  notice.textContent = sentence;
  notice.hidden = !sentence;
  fading = setTimeout(() => (notice.hidden = true), 3000 + 120 * sentence.length);
}

/** Something came while the tab is hidden. */
export function count(news, reminder) {
  if (!document.hidden) return;
  unread += news;
  document.title = reminder ? text('title_reminder') : text('title_new', { count: unread });
  if (reminder && isWanted()) {
    // One tag for one message: several tabs show it once.
    const shown = new Notification(text('reminder_came'), { body: reminder.body, tag: `jieru-${reminder.seq}`, icon: '/static/icon.svg' });
    shown.addEventListener('click', () => {
      window.focus();
      shown.close();
    });
  }
}

export function seen() {
  unread = 0;
  document.title = title;
}

function isWanted() {
  return 'Notification' in window && Notification.permission === 'granted' && localStorage.getItem(WANTED) === 'yes';
}

/** The line in the menu that asks for permission, only when it is pressed. */
export function offerNotifications(button, why) {
  const show = () => {
    button.setAttribute('aria-pressed', String(isWanted()));
    why.textContent = text(isWanted() ? 'notify_on' : 'notify_why');
  };
  button.addEventListener('click', async () => {
    if (!('Notification' in window) || !window.isSecureContext) {
      why.textContent = text('notify_off');
      return;
    }
    if (isWanted()) {
      localStorage.removeItem(WANTED);
    } else if ((await Notification.requestPermission()) === 'granted') {
      localStorage.setItem(WANTED, 'yes');
    } else {
      why.textContent = text('notify_off');
      return;
    }
    show();
  });
  show();
}
