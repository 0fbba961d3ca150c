// The stored rows of the conversation, and the bubbles that follow from them. Applying a row twice changes nothing.

export class Transcript {
  #rows = new Map();
  #order = [];
  #unsent = new Map();

  get last() {
    return this.#order.at(-1) ?? 0;
  }

  get first() {
    return this.#order[0] ?? 0;
  }

  /** Takes rows {seq, at, row} in any order; returns those that were not known. */
  add(rows) {
    const fresh = rows.filter(({ seq }) => !this.#rows.has(seq));
    for (const each of fresh) {
      this.#rows.set(each.seq, each);
      if (each.row.op === 'said') this.#unsent.delete(each.row.id);
    }
    if (fresh.length) this.#order = [...this.#rows.keys()].sort((one, other) => one - other);
    return fresh;
  }

  /** Shows what was typed or chosen at once; state is sending or failed, until the row with this id arrives. */
  expect(id, said, state, upload = null) {
    if (!this.has(id)) this.#unsent.set(id, { text: said, state, upload });
  }

  isExpected(id) {
    return this.#unsent.has(id);
  }

  /** It does not come any more. */
  drop(id) {
    this.#unsent.delete(id);
  }

  has(id) {
    return this.#order.some((seq) => this.#rows.get(seq).row.id === id);
  }

  some(test) {
    return this.#order.some((seq) => test(this.#rows.get(seq)));
  }

  /** The bubbles from top to bottom: {key, kind: bot|mine, ...}. */
  bubbles() {
    const found = [];
    const bots = new Map();
    this.#order.forEach((seq, index) => {
      const { at, row } = this.#rows.get(seq);
      if (row.op === 'said') {
        // A label whose answer replaced a bubble in place is no message of its own: the change is seen.
        const next = this.#rows.get(this.#order[index + 1]);
        if (row.file || next?.row.op !== 'edit') {
          found.push({ key: `m${row.id || seq}`, kind: 'mine', seq, at, id: row.id, text: row.text, state: '', file: row.file ?? null });
        }
        return;
      }
      const target = row.op === 'edit' ? row.target : seq;
      let bubble = bots.get(target);
      if (!bubble) {
        // An edit whose bubble is further up than what was loaded stands where it was made, until that is.
        bubble = { key: `b${target}`, kind: 'bot', seq: target, at, reminder: Boolean(row.reminder), due: row.due ?? null };
        bots.set(target, bubble);
        found.push(bubble);
      }
      bubble.screen = row.screen;
      bubble.file = row.file ?? bubble.file ?? null;
      bubble.touched = seq;
    });
    for (const [id, { text, state, upload }] of this.#unsent) {
      found.push({ key: `m${id}`, kind: 'mine', seq: null, at: null, id, text, state, upload });
    }
    return found;
  }
}
