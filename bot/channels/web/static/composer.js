// Where the person writes: Enter sends, Shift+Enter breaks the line.

const DRAFT = 'jieru.draft';
const TALLEST = 168;

export class Composer {
  #form = document.getElementById('composer');
  #area = document.getElementById('draft');
  #send = document.getElementById('send');
  #isComposing = false;

  /** send(text): called back. */
  constructor({ send }) {
    this.send = send;
    this.#area.value = sessionStorage.getItem(DRAFT) ?? '';
    this.#area.addEventListener('input', () => this.#fit());
    this.#area.addEventListener('keydown', (event) => this.#key(event));
    this.#area.addEventListener('compositionstart', () => (this.#isComposing = true));
    this.#area.addEventListener('compositionend', () => (this.#isComposing = false));
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    document.addEventListener('keydown', (event) => this.#follow(event));
    this.#fit();
  }

  /** Somebody is in the middle of a sentence: the focus stays here. */
  get isTyping() {
    return document.activeElement === this.#area && (this.#area.value.trim() !== '' || this.#isComposing);
  }

  clear() {
    this.#area.value = '';
    this.#fit();
  }

  #key(event) {
    // 229: the key belongs to the input method, also where isComposing comes late (Safari).
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  /** Who begins to write while a message has the focus means the composer. */
  #follow(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key.length !== 1 || event.key === ' ' || document.querySelector('dialog[open]')) return;
    if (document.activeElement === this.#area) return;
    this.#area.focus();
  }

  #submit() {
    const said = this.#area.value.trim();
    if (!said) {
      this.#area.focus();
      return;
    }
    this.clear();
    this.send(said);
  }

  #fit() {
    sessionStorage.setItem(DRAFT, this.#area.value);
    this.#send.classList.toggle('ready', this.#area.value.trim() !== '');
    this.#area.style.height = 'auto';
    this.#area.style.height = `${Math.min(TALLEST, this.#area.scrollHeight)}px`;
  }
}
