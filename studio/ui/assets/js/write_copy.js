/* Copying happens here, and the network's own page opens by the person's click alone: nothing is sent by us. */
const page = () => document.querySelector("#page textarea");
const tell = text => { const line = element.querySelector("[data-told]"); if (line) line.textContent = text; };
const byHand = text => {
  const field = page();
  field.focus();
  field.setSelectionRange(0, text.length);
  return document.execCommand("copy");
};
element.addEventListener("click", event => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  if (button.hasAttribute("data-stale")) return event.preventDefault();
  const text = page().value, said = ok => tell(ok ? props.value.copied : props.value.not_copied);
  if (navigator.clipboard?.writeText) navigator.clipboard.writeText(text).then(() => said(true), () => said(byHand(text)));
  else said(byHand(text));
});
/* What was ready before the last key is not known to be ready after it. */
document.addEventListener("vecu:typing", () => {
  const button = element.querySelector("[data-copy]");
  button?.setAttribute("data-stale", "");
  button?.setAttribute("aria-disabled", "true");
});
