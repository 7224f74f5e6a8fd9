/* Erasing is asked a second time, in a window of its own that says what goes; Escape keeps. */
const box = () => element.querySelector("dialog");
const opens = event => {
  const asked = event.target.closest?.("[data-forget]");
  if (!asked || !element.isConnected) return;
  box().dataset.story = asked.dataset.forget;
  box().showModal();
  box().querySelector("[data-keep]").focus();
};
document.addEventListener("click", opens);
element.addEventListener("click", event => {
  if (event.target.closest("[data-keep]")) box().close();
  if (event.target.closest("[data-forgot]")) {
    const story = box().dataset.story;
    box().close();
    trigger("forgot", {story});
  }
});
