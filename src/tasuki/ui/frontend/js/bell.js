// The bell counts once the page stands, then every minute while somebody looks at it. It asks
// quietly: a network that is gone for a moment is no news here.
import { mount } from "./dom.js";

const EVERY = 60_000;

async function count(bell) {
  try {
    const response = await fetch(bell.dataset.bell, { headers: { "HX-Request": "true" } });
    if (response.status === 200 && !response.redirected) bell.innerHTML = await response.text();
  } catch {
    // The next minute asks again.
  }
}

mount("[data-bell]", (bell) => {
  count(bell);
  const timer = setInterval(() => {
    if (!bell.isConnected) clearInterval(timer);
    else if (!document.hidden) count(bell);
  }, EVERY);
});
