// Files on their way to the server, one after the other. Each stays in memory until it has arrived, so that nothing is
// lost when the line breaks; the same id twice is the same file.

import { icon } from './rich.js';
import { readable } from './attachment.js';
import { Refused, newId, replaced, text, token } from './server.js';

const LARGEST = 20 * 1024 * 1024; // FILE_LIMIT of the server, which tells it kindly; only the bytes are spared
const MOST = 30;
const PAUSES = [800, 2000, 4000];
const PASSING = new Set([0, 408, 429, 502, 503, 504]);
const CROSS = 'M6 6l12 12M18 6L6 18';

class Upload {
  constructor(file, album) {
    this.id = newId();
    this.album = album;
    this.file = file;
    this.state = 'waiting';
    this.request = null;
    this.isLost = false;
    this.preview = picture(this);
    this.node = document.createElement('div');
    this.node.className = 'upload';
    this.bar = document.createElement('progress');
    this.bar.max = 1;
    this.bar.setAttribute('aria-label', `${text('uploading')}：${file.name}`);
    this.status = document.createElement('span');
    this.status.className = 'upload-status';
  }

  show(fraction) {
    this.bar.value = fraction;
    this.status.textContent = fraction >= 1 ? text('keeping') : `${text('uploading')} ${Math.floor(fraction * 100)}%`;
  }

  /** Its bytes are with the server: only the picture is still used, until it has been decoded. */
  release() {
    this.file = null;
    if (!this.preview) return;
    if (this.preview.complete) URL.revokeObjectURL(this.preview.src);
    else this.preview.addEventListener('load', () => URL.revokeObjectURL(this.preview.src), { once: true });
  }
}

export class Uploads {
  #waiting = [];
  #all = new Map();
  #active = null;

  /** expect(upload), drop(id): its bubble. deliver(work): a deed of the person. say(sentence). */
  constructor({ expect, drop, deliver, say }) {
    this.expect = expect;
    this.drop = drop;
    this.deliver = deliver;
    this.say = say;
    window.addEventListener('beforeunload', (event) => this.isBusy && event.preventDefault());
  }

  get isBusy() {
    return [...this.#all.values()].some(({ file }) => file);
  }

  add(files) {
    const taken = files.slice(0, MOST);
    if (taken.length < files.length) this.say(text('too_many_files', { most: MOST }));
    const album = taken.length > 1 ? newId() : '';
    for (const file of taken) {
      const upload = new Upload(file, album);
      this.#all.set(upload.id, upload);
      this.#wait(upload);
    }
    this.#next();
  }

  /** The picture of a file that was sent from here, for as long as the page stands. */
  preview(id) {
    return this.#all.get(id)?.preview ?? null;
  }

  /** Its row has arrived, by whatever way. */
  arrived(id) {
    const upload = this.#all.get(id);
    if (!upload?.file) return;
    upload.release();
    this.#waiting = this.#waiting.filter((each) => each !== upload);
    if (!upload.preview) this.#all.delete(id);
  }

  /** The server can be reached again: what did not get there while it was away. */
  resume() {
    const lost = [...this.#all.values()].filter(({ state, isLost }) => state === 'failed' && isLost);
    for (const upload of lost) this.#again(upload);
  }

  /** Everything was deleted. */
  clear() {
    this.#waiting = [];
    for (const upload of this.#all.values()) {
      upload.state = 'discarded';
      upload.request?.abort();
      if (upload.preview) URL.revokeObjectURL(upload.preview.src);
    }
    this.#all.clear();
  }

  #wait(upload) {
    this.#waiting.push(upload);
    this.#mark(upload, 'waiting');
  }

  #mark(upload, state, problem = '') {
    upload.state = state;
    const { file, node, preview, bar, status } = upload;
    const name = readable(file);
    status.textContent = state === 'failed' ? `${text('upload_failed')}${problem}` : text('waiting');
    status.setAttribute('role', state === 'failed' ? 'alert' : 'none');
    if (state === 'sending') upload.show(0);
    const below = document.createElement('div');
    below.className = 'upload-below';
    below.append(status);
    if (state === 'failed') below.append(button('again', 'choice retry', file, () => this.#again(upload)));
    below.append(button('discard', 'choice', file, () => this.#discard(upload)));
    node.replaceChildren(...(preview ? [preview] : []), name, ...(state === 'sending' ? [bar] : []), below);
    this.expect(upload);
  }

  #again(upload) {
    this.#wait(upload);
    this.#next();
  }

  #discard(upload) {
    this.#waiting = this.#waiting.filter((each) => each !== upload);
    this.#all.delete(upload.id);
    upload.state = 'discarded';
    upload.request?.abort();
    upload.release();
    this.drop(upload.id);
  }

  async #next() {
    if (this.#active || !this.#waiting.length) return;
    const upload = this.#waiting.shift();
    this.#active = upload;
    this.#mark(upload, 'sending');
    try {
      await this.deliver(() => this.#send(upload));
      if (upload.file) this.drop(upload.id);
    } catch (refused) {
      if (upload.file) {
        upload.isLost = PASSING.has(refused.status);
        this.#mark(upload, 'failed', refused.message);
      }
    } finally {
      this.#active = null;
    }
    this.#next();
  }

  async #send(upload) {
    for (let attempt = 0; ; attempt += 1) {
      const { status, found, asked } = await put(upload);
      if (upload.state === 'discarded') return { last: 0 };
      // A refused file (413) was told by the conversation, like one that was kept.
      if ('last' in found) return found;
      if (status === 401) location.assign('/login');
      if (status === 403 && (await replaced())) location.reload();
      if (!PASSING.has(status) || attempt >= PAUSES.length) throw new Refused(found.error || text('no_line'), status);
      await new Promise((resume) => setTimeout(resume, Math.max(PAUSES[attempt], asked * 1000)));
      if (upload.state === 'discarded') return { last: 0 };
    }
  }
}

/** One try; status 0 if there was no answer. */
function put(upload) {
  const { file } = upload;
  const request = new XMLHttpRequest();
  upload.request = request;
  upload.show(0);
  return new Promise((resolve) => {
    request.upload.addEventListener('progress', (event) => event.total && upload.show(event.loaded / event.total));
    request.addEventListener('loadend', () => {
      upload.request = null;
      let found = {};
      try {
        found = JSON.parse(request.responseText);
      } catch {
        // No answer, or that of something in between.
      }
      resolve({ status: request.status, found, asked: Number(request.getResponseHeader('Retry-After') ?? 0) });
    });
    request.open('POST', '/upload');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-Token', token());
    request.setRequestHeader('X-Id', upload.id);
    request.setRequestHeader('X-Name', encoded(file.name));
    request.setRequestHeader('X-Size', String(file.size));
    if (upload.album) request.setRequestHeader('X-Album', upload.album);
    request.send(file.size > LARGEST ? null : file);
  });
}

function encoded(name) {
  // A lone surrogate cannot be encoded.
  return encodeURIComponent(name.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '_'));
}

function picture(upload) {
  const { file } = upload;
  if (!file.type.startsWith('image/')) return null;
  const image = document.createElement('img');
  image.className = 'shot';
  image.alt = '';
  image.draggable = false;
  image.src = URL.createObjectURL(file);
  // What this browser cannot show (HEIC) is kept all the same.
  image.addEventListener('error', () => {
    upload.preview = null;
    image.remove();
  });
  return image;
}

function button(key, classes, file, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = classes;
  made.textContent = text(key);
  made.setAttribute('aria-label', `${text(key)}：${file.name}`);
  if (key === 'discard') made.prepend(icon(CROSS));
  made.addEventListener('click', act);
  return made;
}
