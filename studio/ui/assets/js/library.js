/* A passage plays from its second and stops at its end; the question stays in the address, for reload and back. */
const voice = () => document.querySelector("#library-voice audio");
let playing = null, until = null;
const rest = () => { playing?.removeAttribute("data-on"); playing = null; until = null; };
element.addEventListener("click", event => {
  const button = event.target.closest(".v-play"), sound = voice();
  if (!button || !sound) return;
  if (button === playing) { sound.pause(); rest(); return; }
  rest();
  const begin = () => { sound.currentTime = +button.dataset.s; sound.play().catch(() => {}); };
  playing = button;
  until = +button.dataset.e;
  button.dataset.on = "yes";
  if (sound.getAttribute("src") === button.dataset.src && sound.readyState > 0) { begin(); return; }
  sound.src = button.dataset.src;
  sound.addEventListener("loadedmetadata", begin, {once: true});
  sound.load();
});
document.addEventListener("timeupdate", event => {
  if (event.target === voice() && until !== null && event.target.currentTime >= until) { event.target.pause(); rest(); }
}, true);
document.addEventListener("ended", event => { if (event.target === voice()) rest(); }, true);
watch("value", () => {
  rest();
  const place = element.querySelector("[data-place]")?.dataset.place;
  if (place !== undefined) history.replaceState(history.state, "", location.pathname + place);
});
