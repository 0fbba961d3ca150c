// Live rows. One browser keeps one stream however many tabs are open: the tab looked at last leads and hands its rows
// to the others. Where locks are missing (a plain http address), a hidden tab drops its stream and asks now and then.

import { person } from './server.js';

const HIDDEN = 30_000;
const PATIENCE = 1_500;
const SLOWEST = 5_000;

/**
 * position(): the last seq that is known. receive(rows), reset(), status(open), catchUp(), probe(): called back;
 * probe looks whether the session still stands when the stream keeps failing.
 */
export function follow({ name, position, receive, reset, status, catchUp, probe }) {
  const bus = 'BroadcastChannel' in window ? new BroadcastChannel(name) : null;
  const locks = bus && navigator.locks;
  let source = null;
  let failures = 0;
  let again = 0;
  let worry = 0;
  let queued = false;
  let leading = false;
  let hidden = 0;
  let asking = 0;

  const tell = (message) => bus?.postMessage(message);

  function settled(open) {
    clearTimeout(worry);
    worry = 0;
    status(open);
    tell({ open });
  }

  function open() {
    close();
    source = new EventSource(`/events?after=${position()}&of=${encodeURIComponent(person())}`);
    source.addEventListener('open', () => {
      failures = 0;
      settled(true);
    });
    source.addEventListener('row', (event) => {
      const data = JSON.parse(event.data);
      receive([data]);
      tell({ rows: [data] });
    });
    source.addEventListener('reset', () => {
      tell({ reset: true });
      reset();
    });
    source.addEventListener('bye', lost);
    source.addEventListener('error', lost);
  }

  function lost() {
    close();
    failures += 1;
    if (!worry) worry = setTimeout(() => settled(false), PATIENCE);
    if (failures % 3 === 0) probe();
    again = setTimeout(open, Math.min(SLOWEST, 250 * 2 ** failures));
  }

  function close() {
    clearTimeout(again);
    source?.close();
    source = null;
  }

  function lead(steal) {
    if (leading || (queued && !steal)) return;
    if (!steal) queued = true;
    const granted = () => {
      if (!steal) queued = false;
      if (leading) return undefined;
      leading = true;
      open();
      return new Promise(() => {});
    };
    navigator.locks.request(name, { steal }, granted).catch(() => {
      // Another tab is being looked at and has taken the lead; stand in line behind it.
      leading = false;
      clearTimeout(worry);
      worry = 0;
      close();
      lead(false);
    });
  }

  function shown() {
    clearTimeout(hidden);
    clearInterval(asking);
    catchUp();
    if (locks) lead(true);
    else if (!source) open();
  }

  function gone() {
    if (locks) return;
    hidden = setTimeout(() => {
      close();
      asking = setInterval(catchUp, HIDDEN);
    }, HIDDEN);
  }

  if (bus) {
    bus.onmessage = ({ data }) => {
      if (data.rows) receive(data.rows);
      if (data.reset) reset();
      if ('open' in data && !leading) status(data.open);
    };
  }
  document.addEventListener('visibilitychange', () => (document.hidden ? gone() : shown()));
  window.addEventListener('online', () => (source || leading || !locks) && open());
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', (event) => event.persisted && location.reload());

  if (locks) lead(!document.hidden);
  else open();
}
