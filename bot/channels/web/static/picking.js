// The ways by which files come in: the button, the clipboard, dropped anywhere on the page.

const inside = (event) => event.dataTransfer?.types.includes('Files');

/** take(files) is called with what was chosen. */
export function offerPicking(take) {
  const picker = document.getElementById('picker');
  const zone = document.getElementById('zone');
  document.getElementById('attach').addEventListener('click', () => picker.click());
  picker.addEventListener('change', () => {
    const chosen = [...picker.files];
    // The same file may be chosen again.
    picker.value = '';
    if (chosen.length) take(chosen);
  });
  document.addEventListener('paste', (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    // Programs for writing put a picture of the text beside it; the text is meant.
    if (!pasted.length || event.clipboardData.types.includes('text/plain') || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    take(pasted);
  });
  document.addEventListener('dragover', (event) => {
    if (!inside(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    zone.hidden = false;
  });
  document.addEventListener('dragleave', (event) => {
    // Into another element of the page is not out of it.
    if (!event.relatedTarget) zone.hidden = true;
  });
  document.addEventListener('drop', (event) => {
    zone.hidden = true;
    if (!inside(event)) return;
    event.preventDefault();
    const items = [...event.dataTransfer.items].filter((item) => item.kind === 'file' && !item.webkitGetAsEntry?.()?.isDirectory);
    const dropped = items.map((item) => item.getAsFile()).filter(Boolean);
    if (dropped.length) take(dropped);
  });
}
