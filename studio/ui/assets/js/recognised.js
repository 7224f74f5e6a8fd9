/* Naming who else is recognisable; a link is a whole address, as this browser reaches the studio. */
element.addEventListener("submit", event => {
  event.preventDefault();
  trigger("named", {name: event.target.elements.someone.value});
});
element.addEventListener("click", async event => {
  const asked = event.target.closest("[data-act]"), copy = event.target.closest("[data-copy]");
  if (asked) trigger(asked.dataset.act === "linked" ? "linked" : "removed", {person: asked.dataset.person});
  if (!copy) return;
  const link = copy.parentElement.querySelector("[data-path]"), told = copy.parentElement.querySelector("[data-told]");
  try {
    await navigator.clipboard.writeText(link.value);
    told.textContent = copy.dataset.copied;
  } catch {
    link.select();
    told.textContent = copy.dataset.select;
  }
});
const whole = () => element.querySelectorAll("[data-path]").forEach(link => { link.value = location.origin + link.dataset.path; });
watch("value", () => {
  whole();
  const typed = element.querySelector("[name=someone]");
  if (typed) typed.value = "";
});
whole();
