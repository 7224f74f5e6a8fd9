/* What is chosen becomes the text that is signed: the text is read before the name is typed. */
const form = () => element.querySelector("form");
const picked = name => [...form().querySelectorAll(`[name=${name}]:checked`)].map(box => box.value);
const heard = () => sessionStorage.getItem("vecu-heard-" + new URLSearchParams(location.search).get("story"));
const kept = keeper("considered", () => form() && {
  purposes: picked("purposes"), channels: picked("channels"), from: form().elements.from.value, until: form().elements.until.value,
  face: picked("face")[0] || "", voice: picked("voice")[0] || "", name: picked("name")[0] || "",
}, answer => { if (answer.lost) kept.now(); }, false);
const open = () => {
  if (!form() || !form().hidden) return;
  element.querySelector("[data-gate]")?.remove();
  form().hidden = false;
  kept.now();
};
const begin = () => {
  if (!form()) return;
  if (!element.querySelector("[data-gate]")) kept.now();
  else if (element.querySelector("[data-gate=listen]") && heard()) open();
  else { form().reset(); element.querySelector("[data-channels]").hidden = true; }
};
const after = months => {
  const {from} = form().elements, day = new Date((from.value || from.min) + "T12:00:00Z"), number = day.getUTCDate();
  day.setUTCMonth(day.getUTCMonth() + months);
  if (day.getUTCDate() !== number) day.setUTCDate(0);
  return day.toISOString().slice(0, 10);
};
element.addEventListener("change", () => {
  form().elements.until.min = form().elements.from.value || form().elements.from.min;
  form().elements.until.max = after(+form().dataset.longest);
  element.querySelector("[data-channels]").hidden = !picked("purposes").includes("share");
  kept.now();
});
element.addEventListener("click", event => {
  if (event.target.closest("[data-open]")) { open(); form().querySelector("input").focus(); return; }
  const months = +(event.target.closest("[data-months]")?.dataset.months || 0);
  if (!months) return;
  form().elements.until.value = after(months);
  kept.now();
});
element.addEventListener("submit", event => event.preventDefault());
document.addEventListener("ended", event => {
  if (event.target.closest("#film") && element.querySelector("[data-gate=listen]")) open();
}, true);
watch("value", begin);
begin();
