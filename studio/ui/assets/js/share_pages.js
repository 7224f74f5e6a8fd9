/* A fresh page's address, whole, to copy; closing a page. */
const field = () => element.querySelector("[data-address]");
const whole = () => {
  if (field()) field().value = new URL(field().value, location.href).href;
  if (field()) element.scrollIntoView({block: "nearest"});
};
watch("value", () => requestAnimationFrame(whole));
element.addEventListener("click", event => {
  const end = event.target.closest("[data-end]"), line = element.querySelector("[data-copied]");
  if (end) {
    end.disabled = true;
    return trigger("ended", {share: end.dataset.end});
  }
  if (!event.target.closest("[data-copy]")) return;
  const by_hand = () => { field().select(); line.textContent = document.execCommand("copy") ? line.dataset.copied : line.dataset.byHand; };
  if (navigator.clipboard?.writeText) navigator.clipboard.writeText(field().value).then(() => { line.textContent = line.dataset.copied; }, by_hand);
  else by_hand();
});
