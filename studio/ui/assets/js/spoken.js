/* The words follow the sound; one's own are typed in (`editor_*.js`, after this one, in the same room). */
const media = () => document.querySelector("#film :is(video,audio)");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
let until = null, now = null, index = null, busyTyping = 0;

const words = () => index ??= [...element.querySelectorAll(".w[data-s]")].map(span => ({span, s: +span.dataset.s, e: +span.dataset.e}));
watch("value", () => { index = null; });
const wordAt = second => {
  const all = words();
  let low = 0, high = all.length;
  while (low < high) { const middle = (low + high) >> 1; all[middle].s <= second ? low = middle + 1 : high = middle; }
  const found = all[low - 1];
  return found && second < found.e + .25 && found.span.isConnected ? found.span : null;
};
const inView = span => { const box = span.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; };
const show = span => {
  if (span === now) return;
  const followed = now && inView(now);
  now?.classList.remove("now");
  span?.classList.add("now");
  if (span && followed && !inView(span) && Date.now() - busyTyping > 3000) span.scrollIntoView({block: "center", behavior: calm ? "auto" : "smooth"});
  now = span;
};
const follow = () => {
  const film = media();
  if (!film || !element.isConnected) return;
  show(wordAt(film.currentTime));
  if (until !== null && film.currentTime >= until) { film.pause(); until = null; }
  if (!film.paused) requestAnimationFrame(follow);
};
for (const name of ["play", "seeked", "timeupdate"])
  document.addEventListener(name, event => { if (event.target === media()) follow(); }, true);
const go = (from, to) => {
  const film = media();
  if (!film) return;
  film.currentTime = +from + .001;
  until = to === undefined ? null : +to;
  film.play().catch(() => {});
};
element.addEventListener("click", event => {
  const play = event.target.closest(".v-play"), span = event.target.closest(".v-line .w");
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (play) go(play.dataset.s, play.dataset.e);
  else if (span) go(span.dataset.s);
  else if (act === "stop" || act === "again") trigger(act, {job: event.target.closest("[data-job]")?.dataset.job || ""});
});
