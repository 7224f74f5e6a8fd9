/* The words follow the sound, and are corrected in place. */
const media = () => document.querySelector("#film :is(video,audio)");
const page = () => element.querySelector(".tr");
const said = span => span.textContent.replace(/[ \t\r\n]+/g, " ").trim();  // not the unbreakable spaces inside a word
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
let until = null, now = null, index = null, touched = null, editing = null;
const waiting = new Map(), corrected = new Map();
let sent = new Map();

/* --- follow --- */
const words = () => index ??= [...element.querySelectorAll(".w")].map(span => ({span, s: +span.dataset.s, e: +span.dataset.e}));
new MutationObserver(() => { index = null; }).observe(element, {childList: true, subtree: true});
const wordAt = second => {
  const all = words();
  let low = 0, high = all.length;
  while (low < high) { const middle = (low + high) >> 1; all[middle].s <= second ? low = middle + 1 : high = middle; }
  const found = all[low - 1];
  return found && second < found.e + .25 ? found.span : null;
};
const inView = span => { const box = span.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; };
const show = span => {
  if (span === now) return;
  const followed = now && inView(now);
  now?.classList.remove("now");
  span?.classList.add("now");
  if (span && followed && !inView(span) && !editing) span.scrollIntoView({block: "center", behavior: calm ? "auto" : "smooth"});
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

/* --- keep --- */
const tell = (text, again) => {
  const line = element.querySelector("[data-trouble]");
  line.hidden = !text;
  line.querySelector("p").textContent = text || "";
  line.querySelector("button").hidden = !again;
};
const state = text => { element.querySelector("[data-kept]").textContent = text || ""; };
const kept = keeper("corrected", () => {
  if (!waiting.size) return null;
  sent = new Map(waiting);
  waiting.clear();
  const edits = {};
  for (const [span, text] of sent) {
    const ids = span.dataset.ids.split(" ");
    ids.forEach((id, number) => { edits[id] = number ? "" : text; });
  }
  state(page().dataset.keeping);
  return {base: +page().dataset.version, edits};
}, answer => {
  if (answer.lost || answer.error) {
    for (const [span, text] of sent) if (!waiting.has(span)) waiting.set(span, text);
    state("");
    tell(answer.error || page().dataset.lost, Boolean(answer.version));
    if (answer.version) page().dataset.mine = answer.version;
    else setTimeout(kept.now, 5000);
    return;
  }
  page().dataset.version = answer.version;
  element.querySelector("[data-left]").textContent = answer.left;
  tell("");
  state(answer.said);
  for (const span of sent.keys()) settle(span, answer.words[span.dataset.ids.split(" ")[0]]);
  sent = new Map();
  teach();
});
const want = (span, text, soon) => { waiting.set(span, text); soon ? kept.soon() : kept.now(); };
/* Once it is kept, a corrected word is told to whoever listens; a repair that is asked for is written as if typed. */
const teach = () => {
  for (const [span, [before, after]] of corrected) {
    if (sent.has(span) || waiting.has(span) || editing?.span === span) continue;
    corrected.delete(span);
    element.dispatchEvent(new CustomEvent("vecu-corrected", {bubbles: true, detail: {before, after, ids: span.dataset.ids.split(" ")}}));
  }
};
document.addEventListener("vecu-repair", event => {
  if (!element.isConnected || page()?.dataset.open !== "yes") return;
  const holds = id => element.querySelector(`.w[data-ids~="${CSS.escape(id)}"]`);
  const [span, ...others] = [...new Set(event.detail.ids.map(holds))];
  if (!span || others.includes(null)) return;
  corrected.set(span, [[span, ...others].map(said).join(" "), event.detail.text]);
  for (const other of others) { want(other, "", true); other.remove(); }
  span.textContent = event.detail.text;
  sure(span);
  want(span, event.detail.text, false);
});
const settle = (span, made) => {
  if (!made || !made.length) return;
  if (editing?.span === span || waiting.has(span)) { span.dataset.ids = made.map(word => word.id).join(" "); return; }
  const others = made.slice(1).map(word => {
    const other = document.createElement("span");
    other.className = "w";
    other.textContent = word.t;
    Object.assign(other.dataset, {ids: word.id, s: word.s, e: word.e});
    return other;
  });
  span.textContent = made[0].t;
  Object.assign(span.dataset, {ids: made[0].id, s: made[0].s, e: made[0].e});
  if (others.length) span.after(...others.flatMap(other => [" ", other]));
};

/* --- correct --- */
const sure = span => { span.classList.remove("doubt"); span.removeAttribute("role"); span.removeAttribute("aria-label"); span.tabIndex = -1; };
const hold = span => { if (!span) return; if (!span.hasAttribute("tabindex")) span.tabIndex = -1; span.focus(); };
const doubts = () => [...element.querySelectorAll(".w.doubt")];
const beside = (span, step) => { const all = words().map(word => word.span); return all[all.indexOf(span) + step]; };
const nextDoubt = (span, step) => {
  const after = step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const found = doubts().filter(other => other !== span && span.compareDocumentPosition(other) & after);
  return step > 0 ? found[0] : found.at(-1);
};
const edit = span => {
  if (page().dataset.open !== "yes" || editing) return;
  editing = {span, before: said(span), sent: said(span), doubtful: span.classList.contains("doubt")};
  span.setAttribute("contenteditable", "plaintext-only");
  if (!span.isContentEditable) span.setAttribute("contenteditable", "true");
  span.setAttribute("role", "textbox");
  span.setAttribute("aria-label", page().dataset.correct);
  span.spellcheck = true;
  hold(span);
  getSelection().selectAllChildren(span);
};
const close = (how) => {
  if (!editing) return;
  const {span, before, sent: last, doubtful} = editing;
  const text = how === "cancel" ? before : said(span);
  editing = null;
  span.removeAttribute("contenteditable");
  span.textContent = text;
  const changed = text !== last, accepted = changed || text !== before || (how === "accept" && doubtful);
  if (accepted || !doubtful) sure(span);
  else { span.setAttribute("role", "button"); span.setAttribute("aria-label", text + ", " + page().dataset.check); }
  if (text !== before && text) corrected.set(span, [before, text]);
  if (changed || (how === "accept" && doubtful)) want(span, text, false);
  else if (waiting.has(span)) kept.now();
  else teach();
  if (!text) { const near = beside(span, 1) || beside(span, -1); const line = span.closest("[data-line]"); span.remove(); if (!line.querySelector(".w")) line.remove(); if (how === "accept") hold(near); }
};
element.addEventListener("click", event => {
  const play = event.target.closest(".v-play");
  if (play) { go(play.dataset.s, play.dataset.e); return; }
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "mine") { page().dataset.version = page().dataset.mine; tell(""); kept.now(); return; }
  if (act === "stop" || act === "again") { trigger(act, {job: event.target.closest("[data-job]")?.dataset.job || ""}); return; }
  const span = event.target.closest(".w");
  if (!span || editing?.span === span) return;
  const again = span === touched;
  touched = span;
  go(span.dataset.s);
  hold(span);
  if (again || span.classList.contains("doubt")) edit(span);
});
element.addEventListener("keydown", event => {
  const play = event.target.closest(".v-play");
  if (play && event.key === "ArrowRight") { event.preventDefault(); hold(play.closest("[data-line]").querySelector(".w")); return; }
  const span = event.target.closest(".w");
  if (!span || event.isComposing) return;
  if (event.key === "Tab") {
    const next = nextDoubt(span, event.shiftKey ? -1 : 1);
    close("leave");
    if (next) { event.preventDefault(); hold(next); }
    return;
  }
  if (editing) {
    if (event.key === "Enter") { event.preventDefault(); const next = editing.doubtful && nextDoubt(span, 1); close("accept"); hold(next || (span.isConnected && span)); }
    if (event.key === "Escape") { event.preventDefault(); close("cancel"); hold(span); }
    return;
  }
  if (event.key === "Enter") { event.preventDefault(); edit(span); }
  else if (event.key === " ") { event.preventDefault(); go(span.dataset.s); }
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") { event.preventDefault(); hold(beside(span, event.key === "ArrowRight" ? 1 : -1)); }
  else if (event.key === "Delete" || event.key === "Backspace") edit(span);
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) edit(span);
});
element.addEventListener("beforeinput", event => {
  if (event.inputType === "insertParagraph" || event.inputType === "insertLineBreak") { event.preventDefault(); close("accept"); }
});
element.addEventListener("input", event => {
  const span = event.target.closest(".w"), text = span && said(span);
  if (!editing || editing.span !== span || !text || text === editing.sent) return;
  editing.sent = text;
  want(span, text, true);
});
element.addEventListener("focusout", event => { if (editing?.span === event.target) close("leave"); });
