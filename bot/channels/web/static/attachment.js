// A file in a bubble: a picture to look at, or its name and size to keep it by.

import { icon } from './rich.js';
import { text } from './server.js';

const INLINE = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp']);
const SAVE = 'M12 4v11M7 11l5 5 5-5M5 20h14';
const PAPER = 'M6 3h8l5 5v13H6zM14 3v5h5';

/** file {name, type, size, href}: a link to it. shown is the picture, if it is on the page already. */
export function attachment(file, shown) {
  if (!file.href) return readable(file);
  const link = document.createElement('a');
  link.href = file.href;
  // A picture that is dragged would be dropped as a new file.
  link.draggable = false;
  if (!INLINE.has(file.type)) {
    link.className = 'file';
    link.download = file.name;
    link.setAttribute('aria-label', `${text('download')}：${file.name} ${size(file.size)}`);
    link.append(...readable(file, SAVE).childNodes);
    return link;
  }
  link.className = 'picture';
  link.target = '_blank';
  link.rel = 'noopener';
  link.setAttribute('aria-label', `${text('open_picture')}：${file.name}`);
  link.append(shown ?? image(link, file));
  return link;
}

/** Name and size of a file. */
export function readable(file, drawn = PAPER) {
  const line = document.createElement('div');
  line.className = 'file';
  const name = document.createElement('bdi');
  name.className = 'file-name';
  name.textContent = file.name || text('no_name');
  const bytes = document.createElement('span');
  bytes.className = 'file-size';
  bytes.textContent = size(file.size);
  line.append(icon(drawn), name, bytes);
  return line;
}

function image(link, file) {
  const made = document.createElement('img');
  made.className = 'shot';
  made.alt = '';
  made.draggable = false;
  made.loading = 'lazy';
  made.decoding = 'async';
  made.src = file.href;
  made.addEventListener('error', () => {
    const gone = document.createElement('span');
    gone.className = 'file';
    gone.append(icon(PAPER), text('not_shown'));
    link.replaceChildren(gone);
  });
  return made;
}

function size(bytes) {
  if (!bytes) return '';
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
