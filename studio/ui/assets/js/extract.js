/* The cutting table. What is chosen lives here and is sent once, on export. Events are delegated on `element`, which
   survives a new value; words are numbered from 0 in the order of the story. */
let first = -1, last = -1, gone = new Set(), focused = 0, drag = null, playing = null;
const $ = s => element.querySelector(s), all = s => [...element.querySelectorAll(s)];
const given = () => props.value || {}, chosen = () => first >= 0;
const word = i => $(`.w[data-i="${i}"]`), inside = i => chosen() && i >= first && i <= last;
const player = () => $(".cut__picture video, .cut__picture audio");
const clock = s => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

/* The same breath and tail as the file will have (studio/steps/clip.py). */
const ranges = () => {
  const {ends, lead, tail, duration} = given(), runs = [];
  for (let i = first; i <= last; i++) {
    if (gone.has(i)) continue;
    const run = runs[runs.length - 1];
    if (run && run[1] === i - 1) run[1] = i;
    else runs.push([i, i]);
  }
  return runs.map(([a, b]) => {
    const before = a ? ends[a - 1][1] : 0, after = b + 1 < ends.length ? ends[b + 1][0] : duration;
    return [Math.min(Math.max(before, ends[a][0] - lead, 0), ends[a][0]), Math.min(Math.max(after, ends[b][1]), ends[b][1] + tail)];
  });
};
const seconds = () => chosen() ? ranges().reduce((sum, [s, e]) => sum + e - s, 0) : 0;

const said = x => x.toFixed(1).replace(".", document.documentElement.lang === "fr" ? "," : ".");
const handle = (end, i) => {
  const {ids, ends, words} = given(), bar = $(`.h[data-end="${end}"]`) || document.createElement("span");
  bar.className = "h";
  bar.dataset.end = end;
  bar.tabIndex = 0;
  bar.setAttribute("role", "slider");
  bar.setAttribute("aria-label", words[end]);
  bar.setAttribute("aria-valuemin", 0);
  bar.setAttribute("aria-valuemax", ids.length - 1);
  bar.setAttribute("aria-valuenow", i);
  bar.setAttribute("aria-valuetext", `${word(i).textContent}, ${clock(ends[i][end === "start" ? 0 : 1])}`);
  const active = document.activeElement === bar, spot = word(i);
  if (end === "start" ? spot.previousSibling !== bar : spot.nextSibling !== bar) {
    end === "start" ? spot.before(bar) : spot.after(bar);
    if (active) bar.focus();
  }
};
const paint = () => {
  if (!given().ids || !$(".w")) return;
  all(".w").forEach((w, i) => {
    w.classList.toggle("in", inside(i));
    w.classList.toggle("gone", inside(i) && gone.has(i));
    w.tabIndex = i === focused ? 0 : -1;
    if (i === focused) w.setAttribute("role", "button");
    else w.removeAttribute("role");
    if (i === focused && inside(i)) w.setAttribute("aria-pressed", !gone.has(i));
    else w.removeAttribute("aria-pressed");
  });
  if (chosen()) { handle("start", first); handle("end", last); }
  else all(".h").forEach(bar => bar.remove());
  all(".cut__moment").forEach(m => m.setAttribute("aria-pressed", +m.dataset.first === first && +m.dataset.last === last));
  const long = seconds();
  const {ends, words} = given();
  $("[data-length]").textContent = chosen() ? `${clock(ends[first][0])} – ${clock(ends[last][1])} · ${said(long)} s` : words.nothing;
  $("[data-advice]").textContent = long > 90 ? given().words.long : "";
  all("[data-act]").forEach(b => b.disabled = !chosen() || (b.dataset.act === "preview" && !player()));
  caption(first);
};

/* Choosing. */
const choose = (a, b) => {
  [first, last] = a <= b ? [a, b] : [b, a];
  gone = new Set([...gone].filter(i => i >= first && i <= last));
  rest();
  paint();
};
/* Scrolls the words alone, never the page under the person's finger. */
const show = i => {
  const box = $(".cut__words"), line = word(i)?.closest(".v-line");
  if (line) box.scrollTop += line.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
};
const clear = () => { first = last = -1; gone.clear(); rest(); paint(); };
const strike = (i, off) => { off ? gone.add(i) : gone.delete(i); };
const press = (i, shift) => {
  focused = i;
  if (!chosen()) return choose(i, i);
  if (inside(i) && !shift) { rest(); strike(i, !gone.has(i)); return paint(); }
  if (i < first || (shift && i - first < last - i)) return choose(i, last);
  choose(first, i);
};
const move = (end, i) => {
  const most = given().ids.length - 1;
  end === "start" ? choose(Math.max(0, Math.min(i, last)), last) : choose(first, Math.min(most, Math.max(i, first)));
};
const under = event => {
  const found = document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".w");
  return found && element.contains(found) ? +found.dataset.i : null;
};
element.addEventListener("pointerdown", event => {
  const bar = event.target.closest(".h"), w = event.target.closest(".w");
  if (event.button || (!bar && !w)) return;
  if (bar) {
    drag = {end: bar.dataset.end};
    element.setPointerCapture?.(event.pointerId);
    return event.preventDefault();
  }
  if (event.pointerType === "mouse") drag = {from: +w.dataset.i, striking: inside(+w.dataset.i), moved: false};
});
element.addEventListener("pointermove", event => {
  if (!drag) return;
  const i = under(event);
  if (i === null) return;
  if (drag.end) return move(drag.end, i);
  if (i === drag.from && !drag.moved) return;
  drag.moved = true;
  if (!drag.striking) return choose(drag.from, i);
  for (let n = Math.min(drag.from, i); n <= Math.max(drag.from, i); n++) if (inside(n)) strike(n, true);
  paint();
});
addEventListener("pointerup", () => { setTimeout(() => { drag = null; }); });
addEventListener("pointercancel", () => { drag = null; });

element.addEventListener("click", event => {
  const act = event.target.closest("[data-act]")?.dataset.act, moment = event.target.closest(".cut__moment");
  const w = event.target.closest(".w"), play = event.target.closest(".v-play");
  if (act === "clear") return clear();
  if (act === "preview") return playing ? rest() : run(ranges());
  if (act === "export") return send();
  if (moment) { gone.clear(); choose(+moment.dataset.first, +moment.dataset.last); return show(first); }
  if (play) return run([[+play.dataset.s, +play.dataset.e]]);
  if (w && !drag?.moved && !drag?.end) press(+w.dataset.i, event.shiftKey);
});
element.addEventListener("keydown", event => {
  const bar = event.target.closest(".h"), w = event.target.closest(".w");
  const step = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, PageUp: -10, PageDown: 10}[event.key];
  if (bar && (step || event.key === "Home" || event.key === "End")) {
    event.preventDefault();
    const here = bar.dataset.end === "start" ? first : last;
    return move(bar.dataset.end, event.key === "Home" ? 0 : event.key === "End" ? given().ids.length - 1 : here + step);
  }
  if (!w) return;
  if (step) {
    event.preventDefault();
    focused = Math.max(0, Math.min(given().ids.length - 1, focused + step));
    paint();
    word(focused).focus();
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    press(+w.dataset.i, event.shiftKey);
  }
});
element.addEventListener("change", event => {
  const radio = event.target.closest("input[type=radio]");
  if (!radio) return;
  $(".cut").dataset[radio.name] = radio.value;
  caption(first);
});
const send = () => {
  const {ids} = given(), table = $(".cut").dataset;
  trigger("export", {first: ids[first], last: ids[last], removed: [...gone].sort((a, b) => a - b).map(i => ids[i]),
                     shape: table.shape, captions: table.captions});
  document.querySelector("#making")?.scrollIntoView({block: "nearest"});
};

/* Playing what is kept, in order; the caption follows as it will in the file. */
const rest = () => {
  if (!playing) return;
  playing = null;
  player()?.pause();
  mark(-1);
  $("[data-still]").hidden = false;
  $("[data-moving]").hidden = true;
};
const mark = now => all(".w.now, .w[data-now]").concat(now >= 0 ? [word(now)] : []).forEach(w => w?.classList.toggle("now", +w.dataset.i === now));
const run = parts => {
  const media = player(), again = playing;
  rest();
  if (!media || !parts.length || (again && String(again.parts) === String(parts))) return;
  playing = {parts, n: 0};
  $("[data-still]").hidden = true;
  $("[data-moving]").hidden = false;
  media.currentTime = parts[0][0];
  media.play().then(() => requestAnimationFrame(follow)).catch(rest);
};
const follow = () => {
  const media = player();
  if (!playing || !media) return;
  const [, end] = playing.parts[playing.n], t = media.currentTime;
  if (media.ended || (t >= end && !media.seeking)) {
    playing.n += 1;
    if (media.ended || playing.n >= playing.parts.length) return rest();
    media.currentTime = playing.parts[playing.n][0];
  } else if (!media.seeking) {
    const now = given().ends.findIndex(([s, e], i) => t >= s && t < e && !gone.has(i));
    if (now >= 0) { mark(now); caption(now); }
  }
  requestAnimationFrame(follow);
};
const caption = now => {
  const line = $(".cut__caption");
  if (!line) return;
  const shown = [];
  for (let i = chosen() ? first : 0; now >= 0 && i < given().ids.length && shown.length < 400; i++) if (!gone.has(i)) shown.push(i);
  const at = Math.max(0, shown.indexOf(now)), from = at - at % 5;
  const box = document.createElement("span");
  if (now >= 0) shown.slice(from, from + 5).forEach(i => {
    const piece = document.createElement(i === now ? "b" : "span");
    piece.textContent = word(i).textContent + " ";
    box.append(piece);
  });
  line.replaceChildren(...(now >= 0 ? [box] : []));
};
/* A passage chosen on Relire comes in the address, by its first and last word. */
const asked = () => {
  const address = new URLSearchParams(location.search), ids = given().ids || [];
  return ["de", "a"].map(end => ids.indexOf(address.get(end)));
};
const begin = () => {
  const best = $(".cut__moment"), [from, to] = asked();
  focused = 0;
  if (from >= 0 && to >= 0) { choose(from, to); show(first); }
  else if (best) { choose(+best.dataset.first, +best.dataset.last); show(first); }
  else clear();
};
watch("value", begin);
if (given().ids) begin();
