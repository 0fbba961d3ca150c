// Days and times as the conversation writes them: 11月24日 周二 15:00; 今天 may precede the date, never replaces it.

const parts = new Intl.DateTimeFormat('zh-CN', { weekday: 'short' });
const relative = new Intl.RelativeTimeFormat('zh-CN', { numeric: 'auto' });
const GAP = 10 * 60_000;

export function clock(at) {
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}

export function day(at, now = new Date()) {
  const year = at.getFullYear() === now.getFullYear() ? '' : `${at.getFullYear()}年`;
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${parts.format(at)}`;
}

export function moment(at) {
  return `${day(at)} ${clock(at)}`;
}

/** What stands between two bubbles: the day when it changes, the time after a pause, else nothing. */
export function between(before, at, now = new Date()) {
  if (before && at - before < GAP && sameDay(before, at)) return '';
  if (before && sameDay(before, at)) return clock(at);
  const away = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  const near = away === 0 || away === -1 ? `${relative.format(away, 'day')} ` : '';
  return `${near}${day(at, now)} ${clock(at)}`;
}

function midnight(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate());
}

function sameDay(one, other) {
  return midnight(one).getTime() === midnight(other).getTime();
}
