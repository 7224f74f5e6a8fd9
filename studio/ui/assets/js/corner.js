/* At a corner: one person after another. The page returns by itself, and nothing of the person before can be reached. */
const page = document.querySelector("[data-corner]"), home = page.dataset.corner;
const box = () => page.querySelector(".rc");
let touched = Date.now(), begun = false, returning = false;
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, () => { touched = Date.now(); }, true);
/* a page that Back or Forward brings again is somebody else's by then */
addEventListener("pageshow", event => { if (event.persisted) location.replace(home); });
addEventListener("beforeunload", event => { if (returning) event.stopImmediatePropagation(); });

/* the session ends first; while there is no network the page is blank, and waits */
const back = async () => {
  if (returning) return;
  returning = true;
  page.hidden = true;
  for (;;) {
    try { await fetch(home + "/fin", {method: "POST", redirect: "manual"}); break; }
    catch { await new Promise(done => setTimeout(done, 3000)); }
  }
  location.replace(home);
};

/* the first press begins a session, so that who merely opens the address leaves no trace; then it is pressed for good */
const say = sentence => { page.querySelector(".rc-state").textContent = sentence; };
const begin = async () => {
  const answer = await fetch(home + "/commencer?langue=" + page.dataset.lang, {method: "POST"});
  const told = await answer.json().catch(() => ({}));
  if (told.again) location.replace(home);
  if (!answer.ok) throw Object.assign(new Error(), {sentence: told.sentence});
  const value = JSON.parse(document.getElementById("asked").textContent);
  recorder(document.getElementById("recorder"), {value}, () => null);
  page.querySelector(".co-again").hidden = false;
};
let asking = false;
document.getElementById("recorder")?.addEventListener("click", async event => {
  const act = event.target.closest("[data-a]")?.dataset.a;
  if (!act || begun) return;
  event.stopImmediatePropagation();
  if (asking) return;
  asking = true;
  try { await begin(); begun = true; } catch (error) { say(error.sentence || JSON.parse(document.getElementById("asked").textContent).words.unsent); }
  asking = false;
  if (begun) page.querySelector(`[data-a=${act}]`).click();
}, true);

page.querySelector("[data-again]")?.addEventListener("click", event => { event.preventDefault(); back(); });
page.querySelector("[data-done]")?.addEventListener("click", event => { event.preventDefault(); back(); });
page.querySelector("[data-print]")?.addEventListener("click", () => print());

/* a hidden page lies in somebody's own pocket: the one on a stand is always seen */
const left = page.querySelector(".co-left");
setInterval(() => {
  if (document.hidden) touched = Date.now();
  const quiet = (Date.now() - touched) / 1000, state = box()?.dataset.state;
  if (left) {
    const rest = Math.ceil(page.dataset.idle - quiet);
    left.hidden = rest > 15;
    if (rest % 5 === 0) left.textContent = page.dataset.said.replace("{s}", Math.max(rest, 0));
    if (rest <= 0) back();
  } else if (begun && (state === "idle" && quiet > page.dataset.idle || state === "pause" && quiet > page.dataset.paused)) back();
}, 1000);
