// htmx under a strict content security policy: nothing evaluated, no style element injected.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0, // pages hold personal data: none of it in the browser's storage
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  defaultFocusScroll: false,
  scrollBehavior: "auto",
  timeout: 30000,
  // A refused move (409) and a form that needs correcting (422) come back as HTML to show.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4(00|09|22)", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

function csrfToken() {
  return document.body.dataset.csrf;
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get" && csrfToken()) {
    event.detail.headers["X-CSRFToken"] = csrfToken();
  }
});

// A page that came back from the browser's own cache may be stale after a change made elsewhere.
document.addEventListener("htmx:beforeRequest", (event) => {
  event.target.setAttribute?.("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.target.removeAttribute?.("aria-busy");
});

export default htmx;
