/* The text in which one types: paragraphs of the page, and each of them read as a value that never changes.
   A value is {pieces, text, who, doubts, k}: pieces are plain strings or {t, id, s, e, d}; k is the paragraph as the
   server keeps it, {mark, who, words, text, doubts}. What one types becomes text nodes, never markup. */
const $ = selector => element.querySelector(selector);
const field = () => $(".ed-text");
const paragraphs = () => [...field().children];
let doc = null, kept = [];

/* Python makes `\` and `$` literal for Gradio's template; nothing here goes through it. */
const literal = text => text.replace(/\\([\\$])/g, "$1");
const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), doc.said[name]);
const tell = text => { $("[data-told]").textContent = text; };
const clock = second => `${Math.floor(second / 60)}:${String(Math.floor(second % 60)).padStart(2, "0")}`;
/* As `typed_words` in Python: unbreakable spaces stay inside a word. */
const tidy = text => text.split(/[ \t\r\n]+/).map(part => part.trim()).filter(Boolean).join(" ");

const keeping = line => ({...line, text: line.words.map(word => word[1]).join(" "),
                          doubts: line.words.filter(word => word[4]).map(word => word[0]).join(" ")});
const valueOf = k => ({k, text: k.text, who: k.who, doubts: k.doubts, pieces: k.words.flatMap(([id, t, s, e, d], n) =>
  n ? [" ", {t, id, s, e, d}] : [{t, id, s, e, d}])});
const nodeOf = piece => {
  if (typeof piece === "string") return document.createTextNode(piece);
  const span = document.createElement("span");
  span.className = piece.d ? "w doubt" : "w";
  span.textContent = piece.t;
  Object.assign(span.dataset, {id: piece.id, s: piece.s, e: piece.e});
  return span;
};
const fill = (p, value) => {
  p.replaceChildren(...value.pieces.map(nodeOf));
  if (!p.textContent) p.replaceChildren(document.createElement("br"));
  Object.assign(p, {_value: value, _k: value.k, _stale: false});
};
const drawn = value => {
  const p = document.createElement("p");
  p.className = "v-said ed-p";
  p.dir = "auto";
  p._who = value.who;
  fill(p, value);
  return p;
};
const pieceOf = node => node.nodeType === 1 && node.matches(".w[data-id]") && node.textContent
  ? {t: node.textContent, id: node.dataset.id, s: +node.dataset.s, e: +node.dataset.e, d: +node.classList.contains("doubt")}
  : node.textContent;
const read = p => {
  if (p._value) return p._value;
  const pieces = [...p.childNodes].map(pieceOf).filter(Boolean);
  const doubts = [...new Set(pieces.filter(piece => piece.d).map(piece => piece.id))].join(" ");
  return p._value = {pieces, text: tidy(p.textContent), who: p._who, doubts, k: p._k};
};
const touch = p => { if (p) p._value = null; };
const alike = (one, other) => one.text === other.text && one.who === other.who && one.doubts === other.doubts;

/* Where one is: the number of a paragraph and of a character in it. */
const inField = node => Boolean(node && field()?.contains(node));
const paragraphOf = (node, offset = 0) => {
  if (node === field()) return field().children[Math.min(offset, field().children.length - 1)] || null;
  while (node && node.parentNode !== field()) node = node.parentNode;
  return node?.nodeType === 1 ? node : null;
};
const range = () => {
  const selection = getSelection();
  return selection.rangeCount && inField(selection.getRangeAt(0).startContainer) && inField(selection.getRangeAt(0).endContainer)
    ? selection.getRangeAt(0) : null;
};
const lengthTo = (p, node, offset) => {
  const before = document.createRange();
  before.selectNodeContents(p);
  if (node === field()) return 0;
  before.setEnd(node, offset);
  return before.toString().length;
};
const caret = () => {
  const at = range(), p = at && paragraphOf(at.startContainer, at.startOffset);
  return p ? {n: paragraphs().indexOf(p), o: lengthTo(p, at.startContainer, at.startOffset)} : null;
};
const spot = (p, offset) => {
  const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  let node, left = offset;
  while ((node = walker.nextNode())) {
    if (left <= node.length) return [node, left];
    left -= node.length;
  }
  return [p, p.childNodes.length && p.textContent ? p.childNodes.length : 0];
};
const stretch = (p, from, to) => {
  const made = document.createRange();
  made.setStart(...spot(p, from));
  made.setEnd(...spot(p, to));
  return made;
};
const put = at => {
  const p = at && field().children[Math.min(at.n, field().children.length - 1)];
  if (!p) return;
  const [node, offset] = spot(p, at.o);
  getSelection().collapse(node, offset);
  p.scrollIntoView({block: "nearest"});
};

/* What stands in the margin: the second, and the voice where it changes. */
const voice = who => /^\d+$/.test(who) ? say("voice", {n: who}) : who;
const label = () => {
  const all = paragraphs(), several = new Set(all.filter(p => p.textContent).map(p => p._who)).size > 1;
  let before = null, second = 0;
  for (const p of all) {
    const first = p.querySelector(".w[data-s]");
    if (first) second = +first.dataset.s;
    const who = p._who && p._who !== before && (several || !/^\d+$/.test(p._who)) ? voice(p._who) : "";
    if (p.dataset.at !== clock(second)) p.dataset.at = clock(second);
    if ((p.dataset.who || "") !== who) who ? p.dataset.who = who : delete p.dataset.who;
    before = p._who;
  }
};
const doubts = () => [...field().querySelectorAll(".w.doubt")];
const count = () => {
  const n = doubts().length;
  $("[data-left]").textContent = n > 1 ? say("left_many", {n}) : say(n ? "left_one" : "left_none");
};
/* After anything but letters typed in one paragraph. */
const reshaped = () => {
  if (!field().children.length) field().append(drawn({pieces: [], text: "", who: "", doubts: "", k: null}));
  index = null;
  label();
  count();
};
