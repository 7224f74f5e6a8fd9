/* Gradio sets the language of the browser, not of the page; its toast header is a button that holds a button (axe: nested-interactive), in English. */
if (!window.vecu) {
  window.vecu = true;
  const speak = () => { if (document.documentElement.lang !== "LANG") document.documentElement.lang = "LANG"; };
  speak();
  new MutationObserver(speak).observe(document.documentElement, {attributes: true, attributeFilter: ["lang"]});
  new MutationObserver(() => {
    document.querySelectorAll(".toast-header[role]").forEach(head => {
      head.removeAttribute("role");
      head.removeAttribute("tabindex");
      head.querySelector("button")?.setAttribute("aria-label", "CLOSE");
    });
  }).observe(document.documentElement, {childList: true, subtree: true});
}
