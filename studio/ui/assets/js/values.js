/* A value is kept when its person says so; refusing says no more than that. */
const chosen = () => [...element.querySelectorAll("input:checked")].map(box => box.value).filter(Boolean);
const kept = keeper("chosen", () => ({values: chosen()}), answer => {
  element.querySelector("[data-kept]").textContent = answer.error || answer.said || "";
  if (answer.lost) setTimeout(kept.now, 5000);
});
element.addEventListener("change", kept.now);
element.addEventListener("click", event => {
  const play = event.target.closest(".v-play"), film = document.querySelector("#film :is(video,audio)");
  if (!play || !film) return;
  film.currentTime = +play.dataset.s + .001;
  const stop = () => { if (film.currentTime >= +play.dataset.e) { film.pause(); film.removeEventListener("timeupdate", stop); } };
  film.addEventListener("timeupdate", stop);
  film.play().catch(() => {});
});
