/* Stopping one of the files being made. */
element.addEventListener("click", event => {
  const button = event.target.closest("[data-job]");
  if (!button) return;
  button.disabled = true;
  trigger("stop", {job: button.dataset.job});
});
