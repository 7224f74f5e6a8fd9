/* Asking for a page to share of one extract, for the channel chosen beside it. */
element.addEventListener("click", event => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  const details = button.closest("details"), channel = details.querySelector("input:checked")?.value;
  details.open = false;
  if (channel) trigger("shared", {clip: button.dataset.share, channel});
});
