// The server's neutral rich text as DOM nodes. Only these elements exist; anything else is its text.

const TAGS = new Set(['b', 'i', 'u', 's', 'code', 'pre', 'blockquote']);
const BLOCKS = new Set(['pre', 'blockquote']);
const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = new Set(['svg', 'g', 'path', 'rect']);
const PROPERTIES = new Set(['viewBox', 'd', 'x', 'y', 'width', 'height', 'transform', 'fill', 'fill-rule', 'stroke']);

/** Appends rich text; a line break next to a block is dropped, since the block breaks the line itself. */
export function write(parent, nodes) {
  nodes.forEach((node, index) => {
    if (typeof node === 'string') {
      let piece = node;
      if (BLOCKS.has(nodes[index - 1]?.tag)) piece = piece.replace(/^\n/, '');
      if (BLOCKS.has(nodes[index + 1]?.tag)) piece = piece.replace(/\n$/, '');
      if (piece) parent.append(document.createTextNode(piece));
      return;
    }
    const inside = node?.nodes ?? [];
    if (!TAGS.has(node?.tag)) {
      write(parent, inside);
      return;
    }
    const element = document.createElement(node.tag);
    write(element, inside);
    parent.append(element);
  });
}

export function plain(nodes) {
  return nodes.map((node) => (typeof node === 'string' ? node : plain(node?.nodes ?? []))).join('');
}

/** A drawing sent as text, rebuilt from shapes alone; null if it is none. */
export function drawing(source) {
  const root = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
  return root.localName === 'svg' ? shape(root) : null;
}

function shape(from) {
  const element = document.createElementNS(SVG, from.localName);
  for (const { name, value } of from.attributes) if (PROPERTIES.has(name)) element.setAttribute(name, value);
  if (from.localName === 'svg' && !from.hasAttribute('viewBox')) {
    element.setAttribute('viewBox', `0 0 ${parseFloat(from.getAttribute('width'))} ${parseFloat(from.getAttribute('height'))}`);
  }
  for (const child of from.children) if (SHAPES.has(child.localName)) element.append(shape(child));
  return element;
}

/** One of the page's own line drawings. */
export function icon(path) {
  const element = document.createElementNS(SVG, 'svg');
  element.setAttribute('viewBox', '0 0 24 24');
  element.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  element.append(line);
  return element;
}
