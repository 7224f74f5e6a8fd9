/* Each sentence plays the voice it came from; a second press stops it. */
const voice = () => document.querySelector("#voice audio");
let playing = null, until = 0;
const rest = () => {
  voice()?.pause();
  playing?.removeAttribute("data-on");
  playing = null;
};
const follow = () => {
  const sound = voice();
  if (!playing || !sound) return;
  if (sound.currentTime >= until || sound.ended) return rest();
  requestAnimationFrame(follow);
};
element.addEventListener("click", event => {
  const act = event.target.closest("[data-act]");
  if (act) return act.dataset.act === "stop" ? trigger("stop", {}) : trigger("again", {});
  const button = event.target.closest(".v-play"), sound = voice();
  if (!button || !sound) return;
  const again = button === playing;
  rest();
  if (again) return;
  playing = button;
  button.setAttribute("data-on", "");
  until = Number(button.dataset.e) || Infinity;
  sound.currentTime = Number(button.dataset.s);
  sound.play().then(() => requestAnimationFrame(follow)).catch(rest);
});
element.addEventListener("toggle", event => {
  if (!event.target.open) return;
  element.querySelectorAll("details[open]").forEach(one => { if (one !== event.target) one.open = false; });
}, true);
