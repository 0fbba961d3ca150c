// What the page asks of the server: the session, its texts, and requests that may be tried again without doubling.

const PAUSES = [600, 2000];
const PASSING = new Set([502, 503, 504]);
const session = { token: '', of: '', last: 0, texts: {} };

/** A request was refused, or never arrived (status 0); the message is a sentence for the person. */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/** A sentence or label of the page by its key; {name} is filled in. */
export function text(key, values = {}) {
  const found = session.texts[key] ?? '';
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Names the person in what tabs of one browser tell each other; nobody can do anything with it. */
export function person() {
  return session.of;
}

/** Goes with every change. */
export function token() {
  return session.token;
}

/** Who this browser is to the server. */
export async function openSession() {
  Object.assign(session, await get('/session'));
  return session;
}

export async function get(path) {
  let response;
  try {
    response = await fetch(path, { headers: { Accept: 'application/json' }, cache: 'no-store' });
  } catch {
    throw new Refused(text('away'), 0);
  }
  return answered(response);
}

/** The drawing of a QR code, as text. */
export async function getDrawing(path) {
  let response;
  try {
    response = await fetch(path);
  } catch {
    throw new Refused(text('away'), 0);
  }
  return response.ok ? response.text() : answered(response);
}

/** The body carries its id: the server takes a second arrival of the same id as the same deed. */
export async function post(path, body) {
  for (let attempt = 0; ; attempt += 1) {
    const response = await tried(path, body);
    if (response && !PASSING.has(response.status) && response.status !== 429) {
      if (response.status === 403 && (await replaced())) location.reload();
      return answered(response);
    }
    const asked = Number(response?.headers.get('Retry-After') ?? 0) * 1000;
    if (attempt >= PAUSES.length || asked > 5000) {
      if (response) return answered(response);
      throw new Refused(text('away'), 0);
    }
    await new Promise((resume) => setTimeout(resume, Math.max(PAUSES[attempt], asked)));
  }
}

/** True if this browser has become somebody else meanwhile (a one-time link in another tab, everything forgotten). */
export async function replaced() {
  const before = session.token;
  try {
    await openSession();
  } catch (refused) {
    if (refused.status === 403) return true;
    throw refused;
  }
  return before !== session.token;
}

async function tried(path, body) {
  try {
    return await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Token': session.token },
      body: JSON.stringify(body),
    });
  } catch {
    return null;
  }
}

async function answered(response) {
  if (response.status === 401) {
    location.assign('/login');
  }
  let found;
  try {
    found = await response.json();
  } catch {
    found = {};
  }
  if (!response.ok) throw new Refused(found.error || text('not_sent'), response.status);
  return found;
}

/** A random id, also where crypto.randomUUID is missing (a plain http address in the home network). */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
