/* When the picture has been made playable the address changes: go on from the same second. */
let at = 0, played = false;
const film = () => element.querySelector("video,audio");
element.addEventListener("timeupdate", event => { if (event.target.currentTime) at = event.target.currentTime; }, true);
element.addEventListener("play", () => { played = true; }, true);
element.addEventListener("pause", () => { played = false; }, true);
element.addEventListener("emptied", () => { element.dataset.again = played ? "play" : "wait"; }, true);
element.addEventListener("loadedmetadata", () => {
  const again = element.dataset.again;
  delete element.dataset.again;
  if (!again || !at) return;
  film().currentTime = at;
  if (again === "play") film().play().catch(() => {});
}, true);
/* Decide opens by itself for somebody who has just listened here. */
element.addEventListener("timeupdate", event => {
  const story = new URLSearchParams(location.search).get("story");
  if (story && event.target.currentTime > 2) sessionStorage.setItem("vecu-heard-" + story, "yes");
}, true);
