/* Listening while one corrects: play, back, speed, the doubtful words in turn, and the seconds of what is chosen. */
const SPEEDS = [.5, .75, 1, 1.25, 1.5, 2];
const toggle = () => { const film = media(); if (film) { until = null; film.paused ? film.play().catch(() => {}) : film.pause(); } };
const back = () => { const film = media(); if (film) { film.currentTime = Math.max(0, film.currentTime - 3); until = null; } };
const speed = (by, round = false) => {
  const film = media();
  if (!film) return;
  const at = SPEEDS.indexOf(film.playbackRate) + by, next = SPEEDS[round ? at % SPEEDS.length : Math.max(0, Math.min(at, SPEEDS.length - 1))];
  film.playbackRate = next;
  const said = String(next).replace(".", document.documentElement.lang === "fr" ? "," : ".") + " ×";
  $("[data-speed]").textContent = said;
  tell(say("speed_is", {n: said}));
};
for (const name of ["play", "pause"]) document.addEventListener(name, event => {
  if (event.target !== media() || !$(".ed-play")) return;
  $(".ed-play [data-still]").hidden = name === "play";
  $(".ed-play [data-moving]").hidden = name !== "play";
}, true);

/* The timed word at a place, or the nearest before it. */
const wordNear = (node, offset) => {
  const inside = (node.nodeType === 1 ? node : node.parentElement).closest(".w[data-s]");
  if (inside) return inside;
  const here = document.createRange();
  here.setStart(node, offset);
  const p = paragraphOf(node, offset), all = p ? [...p.querySelectorAll(".w[data-s]")] : [];
  return all.filter(span => here.comparePoint(span, 0) <= 0).at(-1) || all[0] || null;
};
const fromHere = () => { const at = range(), span = at && wordNear(at.startContainer, at.startOffset); span ? go(span.dataset.s) : toggle(); };

const seek = (step, at = range()) => {
  const all = doubts(), here = document.createRange();
  if (at) here.setStart(step > 0 ? at.endContainer : at.startContainer, step > 0 ? at.endOffset : at.startOffset);
  const side = span => at ? here.comparePoint(span.firstChild || span, 0) : 1;
  return step > 0 ? all.find(span => side(span) > 0 || (at?.collapsed && side(span) === 0)) : all.filter(span => side(span) < 0).at(-1);
};
const choose = span => {
  field().focus({preventScroll: true});
  getSelection().selectAllChildren(span);
  if (!inView(span) || span.getBoundingClientRect().bottom > innerHeight - 160) span.scrollIntoView({block: "center", behavior: calm ? "auto" : "smooth"});
  const film = media();
  if (film?.paused && film.readyState) film.currentTime = +span.dataset.s + .001;
  tell(say("check", {word: span.textContent}));
};
const nextDoubt = step => { const span = seek(step); if (span) choose(span); return Boolean(span); };
const accept = () => {
  const at = range(), all = doubts();
  const span = at && (all.find(each => at.intersectsNode(each)) || null);
  if (!span) { if (!nextDoubt(1) && all[0]) choose(all[0]); return; }
  begin("accept");
  touch(paragraphOf(span));
  span.classList.remove("doubt");
  count();
  changed();
  if (!nextDoubt(1)) { getSelection().collapseToEnd(); tell(doc.said.no_more); }
};

/* What is chosen has a beginning and an end in the sound. */
let chosen = null;
const pick = () => {
  const at = range(), bar = $("[data-pick]");
  if (!bar) return;
  const all = at && !at.collapsed ? [...field().querySelectorAll(".w[data-s]")].filter(span => at.intersectsNode(span)
    && !(at.startContainer.parentElement === span && at.startOffset === at.startContainer.length)) : [];
  bar.hidden = all.length < 2;
  chosen = all.length < 2 ? null : {from: +all[0].dataset.s, to: +all.at(-1).dataset.e};
  if (!chosen) return;
  const long = (chosen.to - chosen.from).toFixed(1).replace(".", document.documentElement.lang === "fr" ? "," : ".");
  $("[data-range]").textContent = `${clock(chosen.from)} – ${clock(chosen.to)} · ${long} s`;
  $("[data-extract]").href = `${doc.extract}&de=${encodeURIComponent(all[0].dataset.id)}&a=${encodeURIComponent(all.at(-1).dataset.id)}`;
};
let picking = 0;
document.addEventListener("selectionchange", () => {
  if (!element.isConnected || !field()) return;
  if (!composing) refresh_when_left();
  cancelAnimationFrame(picking);
  picking = requestAnimationFrame(pick);
});
let left = null;
const refresh_when_left = () => {
  const at = range(), p = at && paragraphOf(at.startContainer, at.startOffset);
  if (p !== left && left?.isConnected && left._stale) refresh();
  left = p;
};
element.addEventListener("mousedown", event => { if (event.target.closest(".ed-bar button")) event.preventDefault(); });
element.addEventListener("click", event => {
  const p = inField(event.target) && paragraphOf(event.target), span = event.target.closest(".w[data-s]");
  if (!p) return;
  const edge = p.getBoundingClientRect();
  if (p.dataset.who && event.clientY < edge.top + 30 && event.clientX > edge.left + 66) who();
  else if (event.clientX < edge.left + 66) {
    const first = p.querySelector(".w[data-s]");
    if (first) go(first.dataset.s);
  } else if (span && getSelection().isCollapsed && media()) { media().currentTime = +span.dataset.s + .001; until = null; }
});
/* On a phone the bar stands on the keyboard, not behind it. */
const lift = () => {
  const view = window.visualViewport, bar = $(".ed-play");
  if (!view || !bar) return;
  const under = Math.max(0, innerHeight - view.height - view.offsetTop);
  bar.style.setProperty("--under", `${under}px`);
  bar.classList.toggle("ed-lifted", under > 80);
};
window.visualViewport?.addEventListener("resize", lift);
window.visualViewport?.addEventListener("scroll", lift);
