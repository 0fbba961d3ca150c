// The small menu: taking one's 问题单 along to another device, notifications, the pages without scripts.

import { offerNotifications } from './attention.js';
import { copying } from './choices.js';
import { drawing } from './rich.js';
import { newId, post } from './server.js';

export function openMenu(say) {
  const menu = document.getElementById('menu');
  const taken = document.getElementById('taken');
  const address = document.getElementById('taken-url');
  document.getElementById('menu-button').addEventListener('click', () => menu.showModal());
  for (const sheet of [menu, taken]) {
    sheet.querySelector('[data-close]').addEventListener('click', () => sheet.close());
    // A press beside the sheet closes it.
    sheet.addEventListener('click', (event) => event.target === sheet && sheet.close());
  }
  offerNotifications(document.getElementById('notify'), document.getElementById('notify-why'));
  copying(document.getElementById('taken-copy'), () => address.textContent, say);
  document.getElementById('take').addEventListener('click', async () => {
    try {
      const link = await post('/link', { id: newId() });
      address.textContent = link.url;
      document.getElementById('taken-qr').replaceChildren(drawing(link.qr) ?? '');
      menu.close();
      taken.showModal();
    } catch (refused) {
      menu.close();
      say(refused.message);
    }
  });
}
