/* Find and replace, over all of the text; all replaced at once is one undo. */
const finder = () => $(".ed-find");
let hits = [], hit = -1;
const folded = text => {
  let made = "";
  for (let n = 0; n < text.length; n++) made += (text[n] >= "\ud800" && text[n] <= "\udfff" ? text[n] : (text[n].normalize("NFD")[0].toLowerCase()[0] || text[n]));
  return made.replace(/[’ʼ]/g, "'").replace(/[\u00a0\u202f]/g, " ");
};
const LETTER = /[\p{L}\p{N}]/u;
const search = () => {
  const {find, whole: words, exact} = finder().elements, plain = exact.checked ? text => text : folded, wanted = plain(find.value);
  hits = [];
  for (const p of wanted.trim() ? paragraphs() : []) {
    const text = plain(p.textContent);
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const before = text[at - 1] || "", after = text[at + wanted.length] || "";
      if (words.checked && ((LETTER.test(before) && LETTER.test(wanted[0])) || (LETTER.test(after) && LETTER.test(wanted.at(-1))))) continue;
      hits.push({p, at, to: at + wanted.length});
    }
  }
  if (hit >= hits.length) hit = hits.length - 1;
  mark();
};
const mark = note => {
  $("[data-found]").textContent = note || (!finder().elements.find.value ? "" : !hits.length ? doc.said.none : say("found", {n: Math.max(hit, 0) + 1, all: hits.length}));
  if (!window.Highlight) return;
  const span = each => stretch(each.p, each.at, each.to);
  CSS.highlights.set("ed-found", new Highlight(...(finder().hidden ? [] : hits.slice(0, 2000)).map(span)));
  CSS.highlights.set("ed-here", new Highlight(...(finder().hidden || !hits[hit] ? [] : [span(hits[hit])])));
};
const next = () => {
  search();
  if (!hits.length) return;
  hit = (hit + 1) % hits.length;
  mark();
  hits[hit].p.scrollIntoView({block: "center", behavior: calm ? "auto" : "smooth"});
};
const swap = ({p, at, to}, text) => {
  const there = stretch(p, at, to), node = document.createTextNode(text);
  sure(there.startContainer);
  there.deleteContents();
  there.insertNode(node);
  p.querySelectorAll(".w").forEach(span => span.textContent || span.remove());
  touch(p);
  blank(p);
};
const replace = all => {
  search();
  const {replace: {value}} = finder().elements, chosen = all ? hits : hits[hit] ? [hits[hit]] : [];
  if (!chosen.length) { next(); return; }
  begin("replace");
  [...chosen].reverse().forEach(each => swap(each, value));
  const n = chosen.length;
  reshaped();
  changed();
  hit = all ? -1 : hit - 1;
  all ? search() : next();
  if (all) mark(n > 1 ? say("replaced", {n}) : say("replaced_one"));
};
const find = () => {
  const at = range(), text = at && !at.collapsed ? at.toString().slice(0, 80) : "";
  finder().hidden = false;
  if (text && !text.includes("\n")) finder().elements.find.value = tidy(text);
  hit = -1;
  finder().elements.find.focus({preventScroll: true});
  if (finder().getBoundingClientRect().bottom > innerHeight - 130 || !inView(finder())) finder().scrollIntoView({block: "center"});
  finder().elements.find.select();
  search();
};
const unfind = () => {
  const there = hits[hit];
  finder().hidden = true;
  mark();
  field().focus({preventScroll: true});
  if (there?.p.isConnected) { const at = stretch(there.p, there.at, there.to); getSelection().removeAllRanges(); getSelection().addRange(at); }
};
element.addEventListener("submit", event => { if (event.target === finder()) { event.preventDefault(); next(); } });
element.addEventListener("input", event => { if (finder()?.contains(event.target) && event.target.name !== "replace") { hit = -1; search(); } });
/* A repair that somebody accepted elsewhere on the page (the glossary's) is typed here, so that it is one undo away. */
document.addEventListener("vecu-repair", event => {
  const spans = field() ? event.detail.ids.map(id => $(`.ed-text .w[data-id="${CSS.escape(id)}"]`)) : [], p = spans[0]?.parentElement;
  if (!spans.length || spans.some(span => span?.parentElement !== p)) return;
  const at = lengthTo(p, spans[0], 0), to = lengthTo(p, spans.at(-1), spans.at(-1).childNodes.length);
  begin("replace");
  swap({p, at, to}, event.detail.text);
  reshaped();
  changed();
});
