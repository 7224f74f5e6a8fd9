/* A corrected name may be learnt, and the same repair is proposed elsewhere; the words themselves write it. */
const settled = new Set();
const key = (...parts) => parts.join("\n");
const film = () => document.querySelector("#film :is(video,audio)");
const places = () => [...element.querySelectorAll("[data-place]")];
const tidy = () => {
  for (const place of places()) if (settled.has(key(place.dataset.ids, place.dataset.text))) place.remove();
  const offer = element.querySelector("[data-offer]"), list = element.querySelector("details");
  if (offer && settled.has(key(offer.dataset.written, offer.dataset.heard))) offer.remove();
  if (list && !places().length) { list.remove(); element.querySelector("[data-act=later]")?.parentElement.remove(); }
  element.querySelector("[data-act=all]")?.toggleAttribute("hidden", places().length < 2);
  const box = element.querySelector(".go-box");
  if (box && !box.children.length) box.remove();
};
watch("value", () => requestAnimationFrame(tidy));
document.addEventListener("vecu-corrected", event => {
  if (element.isConnected) trigger("corrected", {before: event.detail.before, after: event.detail.after});
});
const write = place => {
  settled.add(key(place.dataset.ids, place.dataset.text));
  const detail = {ids: place.dataset.ids.split(" "), text: place.dataset.text};
  document.dispatchEvent(new CustomEvent("vecu-repair", {detail}));
};
element.addEventListener("click", event => {
  const play = event.target.closest(".v-play"), act = event.target.closest("[data-act]")?.dataset.act;
  const place = event.target.closest("[data-place]"), offer = element.querySelector("[data-offer]");
  if (play && film()) {
    const sound = film(), end = +play.dataset.e + .3;
    sound.currentTime = Math.max(0, +play.dataset.s - .3);
    const stop = () => { if (sound.currentTime >= end) { sound.pause(); sound.removeEventListener("timeupdate", stop); } };
    sound.addEventListener("timeupdate", stop);
    sound.play().catch(() => {});
    return;
  }
  if (act === "always") return trigger("taught", {written: offer.dataset.written, heard: offer.dataset.heard});
  if (act === "undo") return trigger("untaught", {term: event.target.closest("[data-term]").dataset.term});
  if (act === "not") settled.add(key(offer.dataset.written, offer.dataset.heard));
  else if (act === "leave") settled.add(key(place.dataset.ids, place.dataset.text));
  else if (act === "later") element.querySelector(".go-box").replaceChildren();
  else if (act === "write") write(place);
  else if (act === "all") places().forEach(write);
  else return;
  const next = place && (place.nextElementSibling || place.previousElementSibling)?.querySelector("[data-act=write]");
  tidy();
  next?.focus();
});
