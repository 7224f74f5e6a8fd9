/* Keeping what is typed. The paragraphs of the page are laid beside those that the server keeps: between two that are
   the same, what stands there replaces what stood there. What others changed meanwhile arrives with the answer. */
let sent = [], mine = null, behind = false, turnedBack = null;
const clashes = [];

const same = p => { const value = read(p); return Boolean(value.k) && alike(value, value.k); };
const changes = () => {
  const at = new Map(kept.map((k, n) => [k, n])), found = [];
  let run = [], from = 0, before = null;
  const close = (to, next) => {
    const was = kept.slice(from, to), els = run.filter(p => read(p).text);
    if (run.some(p => p._clash) || (!was.length && !els.length)) return;
    if (!was.length && before) { was.push(before._k); els.unshift(before); }
    else if (!was.length && next) { was.push(next._k); els.push(next); }
    found.push({was, els});
  };
  for (const p of paragraphs()) {
    const n = at.get(p._k);
    if (n === undefined || n < from || p._clash || !same(p)) { run.push(p); continue; }
    close(n, p);
    [run, from, before] = [[], n + 1, p];
  }
  close(kept.length, null);
  return found;
};
const state = text => { $("[data-kept]").textContent = text || ""; };
const trouble = (text, quoted = "") => {
  const line = $("[data-trouble]");
  line.hidden = !text;
  line.querySelector("p").textContent = text;
  line.querySelector("blockquote").textContent = quoted;
  for (const part of ["blockquote", ".v-acts"]) line.querySelector(part).hidden = !clashes.length;
};
const keep = keeper("corrected", () => {
  if (!field()) return null;
  const all = changes();
  if (!all.length && !behind) return null;
  sent = all.map(change => ({...change, values: change.els.map(read)}));
  behind = false;
  if (all.length) state(doc.said.keeping);
  return {version: doc.version, follows: mine, changes: sent.map(({was, values}) => ({was: was.map(k => k.mark), lines: values.map(
    ({text, who, doubts}) => ({text, who, doubted: doubts ? doubts.split(" ") : []}))}))};
}, answer => {
  if (answer.lost || answer.error) {
    state("");
    trouble(answer.error || doc.said.lost);
    if (answer.lost) setTimeout(keep.now, 5000);
    return;
  }
  const typed = sent.length > 0;
  sent.forEach((change, n) => answer.became[n] && settle(change, answer.became[n]));
  sent = [];
  if (typed && answer.version !== doc.version) mine = answer.version;
  doc.version = answer.version;
  if (answer.lines) adopt(JSON.parse(answer.lines));
  clash();
  if (typed) state(answer.said);
  count();
  index = null;
});
const changed = () => keep.soon();

const settle = ({was, els, values}, lines) => {
  const made = lines.map(line => line && keeping(line)), first = kept.indexOf(was[0]);
  kept.splice(Math.max(first, 0), was.length, ...made.filter(Boolean));
  const before = was.map(k => k.text).join("\n"), after = made.filter(Boolean).map(k => k.text).join("\n");
  els.forEach((p, n) => {
    if (!made[n]) return;
    const still = alike(read(p), values[n]);
    p._k = made[n];
    still ? redraw(p) : (p._value = {...read(p), k: p._k});
  });
  if (before !== after && els[0]) learn(els[0], before, after);
};
/* Once one has typed on elsewhere or paused, what was corrected is told to whoever listens: the words that changed. */
const learning = new Map();
const learn = (p, before, after) => {
  const known = learning.get(p) || {before};
  clearTimeout(known.timer);
  learning.set(p, {...known, after, timer: setTimeout(() => taught(p), 2000)});
};
const taught = p => {
  const {before, after} = learning.get(p);
  if (Date.now() - busyTyping < 1500 && paragraphOf(range()?.startContainer) === p) return learn(p, before, after);
  learning.delete(p);
  const [old, made] = [tidy(before).split(" "), tidy(after).split(" ")];
  while (old.length && made.length && old[0] === made[0]) { old.shift(); made.shift(); }
  while (old.length && made.length && old.at(-1) === made.at(-1)) { old.pop(); made.pop(); }
  if (!old.length || !made.length || !field()) return;
  field().dispatchEvent(new CustomEvent("vecu-corrected", {bubbles: true, detail: {before: old.join(" "), after: made.join(" ")}}));
};
/* The words' own seconds, under the caret's nose: not while a word is being composed or a space was just typed. */
let composing = false;
const redraw = p => {
  const value = valueOf(p._k), at = range(), here = at && paragraphOf(at.startContainer, at.startOffset) === p;
  if (here && (composing || p.textContent !== value.text)) { p._value = {...read(p), k: p._k}; p._stale = true; return; }
  const old = read(p).pieces;
  const equal = old.length === value.pieces.length && old.every((piece, n) => piece === value.pieces[n]
    || (piece.id && ["t", "id", "s", "e", "d"].every(name => piece[name] === value.pieces[n][name])));
  if (equal) { p._value = value; p._stale = false; return; }
  const place = here ? caret() : null, end = here && !at.collapsed ? at.toString().length : 0;
  fill(p, value);
  if (!place) return;
  const [node, offset] = spot(p, place.o), [last, to] = spot(p, place.o + end);
  getSelection().setBaseAndExtent(node, offset, last, to);
};

/* What others kept: where nothing was typed here it simply arrives; where something was, both are kept and one asks. */
const adopt = lines => {
  const known = new Map(kept.map(k => [k.mark, k])), next = lines.map(line => known.get(line.mark) || keeping(line));
  const oldAt = new Map(kept.map((k, n) => [k, n])), newAt = new Map(next.map((k, n) => [k, n]));
  const runs = [], place = caret();
  let els = [], o = 0, n = 0, before = null;
  const close = (oTo, nTo, after) => runs.push({els, old: kept.slice(o, oTo), fresh: next.slice(n, nTo), before, after});
  for (const p of paragraphs()) {
    const [was, is] = [oldAt.get(p._k), newAt.get(p._k)];
    if (was === undefined || is === undefined || was < o || is < n || p._clash) { els.push(p); continue; }
    close(was, is, p);
    [els, o, n, before] = [[], was + 1, is + 1, p._k];
  }
  close(kept.length, next.length, null);
  const foreign = runs.filter(({old, fresh}) => old.length !== fresh.length || old.some((k, at) => k !== fresh[at]));
  for (const run of foreign) {
    const full = run.els.filter(p => read(p).text);
    const untouched = full.every(same) && (!full.length || full.length === run.old.length);
    const mine = full.length === run.fresh.length && full.every((p, at) => read(p).text === run.fresh[at].text && read(p).who === run.fresh[at].who);
    // What was kept is what stands here already: an answer that never came. Doubts that differ are sent once more.
    if (full.length && mine) { full.forEach((p, at) => { p._k = run.fresh[at]; p._value = {...read(p), k: p._k}; same(p) && redraw(p); }); changed(); }
    else if (untouched) { rebase(run.old, run.fresh, run.before); replaced(run.els, run.fresh, run.after); }
    else clashes.push({els: full.map(p => Object.assign(p, {_clash: true})), fresh: run.fresh});
  }
  kept = next;
  if (foreign.length) { reshaped(); if (document.activeElement === field() && !range()) put(place); }
};
const replaced = (els, fresh, after) => {
  fresh.forEach(k => field().insertBefore(drawn(valueOf(k)), els[0] || after));
  els.forEach(p => p.remove());
};
const clash = () => {
  for (let n = clashes.length - 1; n >= 0; n--) if (!clashes[n].els.some(p => p.isConnected)) clashes.splice(n, 1);
  paragraphs().forEach(p => p.classList.toggle("ed-clash", Boolean(p._clash)));
  trouble(clashes.length ? doc.said.clash : "", clashes[0]?.fresh.map(k => k.text).join("\n") || "");
};
/* Both ways keep the other text one undo away. */
const settled = own => {
  if (!clashes.length) return;
  const {els, fresh} = clashes.shift(), there = els.filter(p => p.isConnected);
  begin("choose");
  const theirs = fresh.map(valueOf);
  if (own) {
    const row = past.at(-1).row, first = paragraphs().indexOf(there[0]);
    past.push({at: caret(), row: [...row.slice(0, first), ...theirs, ...row.slice(first + there.length)]});
    there.forEach(p => { p._clash = false; });
  } else replaced(there, fresh, there.at(-1)?.nextSibling);
  reshaped();
  clash();
  field().focus();
  keep.now();
};

/* Told every three seconds while one looks: who else has it open, and whether something was kept there. */
const seat = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
const present = leaving => ({story: doc.story, seat, leaving});
const attend = async () => {
  if (!element.isConnected) return;
  if (field() && doc && !document.hidden) {
    const answer = await fetch("/ensemble", {method: "POST", credentials: "same-origin", headers: {"Content-Type": "application/json"},
                                             body: JSON.stringify(present(false))}).catch(() => null);
    const told = answer?.ok ? await answer.json() : null;
    if (told && field()) {
      $("[data-elsewhere]").hidden = !told.others;
      if (told.version > doc.version) { behind = true; keep.now(); }
    }
  }
  setTimeout(attend, 3000);
};
addEventListener("pagehide", () => {
  if (doc) navigator.sendBeacon("/ensemble", new Blob([JSON.stringify(present(true))], {type: "application/json"}));
});

const open = () => {
  if (!props.value?.edit || !field()) return;
  doc = JSON.parse(literal(props.value.edit.doc));
  kept = JSON.parse(doc.lines).map(keeping);
  [past, future, burst, mine, behind] = [[], [], {}, null, false];
  clashes.length = 0;
  field().replaceChildren(...kept.map(k => drawn(valueOf(k))));
  reshaped();
};
watch("value", open);
open();
attend();
