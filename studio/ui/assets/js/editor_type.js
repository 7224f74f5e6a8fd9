/* Typing. Letters within one paragraph are the browser's own affair; what makes or joins paragraphs is ours. */
const NATIVE = /^(insert(Text|CompositionText|FromComposition|ReplacementText|Transpose)|delete(?!ByDrag))/;
const MAKES = /^insert(Paragraph|LineBreak)$/;

const blank = (p) => { if (!p.textContent && !p.querySelector("br")) p.replaceChildren(document.createElement("br")); };
const join = (first, second, spaced) => {
  const at = first.textContent.length;
  first.querySelectorAll("br").forEach(line => line.remove());
  if (spaced && at && second.textContent && !/\s$/.test(first.textContent) && !/^\s/.test(second.textContent)) first.append(" ");
  if (!at) { first._who = second._who; first._k ||= second._k; }
  second.querySelectorAll("br").forEach(line => line.remove());
  first.append(...second.childNodes);
  second.remove();
  touch(first);
  blank(first);
  put({n: paragraphs().indexOf(first), o: at});
};
/* Takes out what is chosen, over as many paragraphs as it may be, and leaves the caret there. */
const erase = chosen => {
  const first = paragraphOf(chosen.startContainer, chosen.startOffset), last = paragraphOf(chosen.endContainer, chosen.endOffset);
  const place = {n: paragraphs().indexOf(first), o: first ? lengthTo(first, chosen.startContainer, chosen.startOffset) : 0};
  chosen.deleteContents();
  [...field().childNodes].filter(node => node.nodeType !== 1).forEach(node => node.remove());
  if (first !== last && first?.isConnected && last?.isConnected) join(first, last, false);
  touch(first);
  touch(last);
  paragraphs().forEach(blank);
  reshaped();
  put(place);
};
const split = () => {
  const at = range(), p = paragraphOf(at.startContainer, at.startOffset), rest = document.createRange();
  rest.setStart(at.startContainer, at.startOffset);
  rest.setEnd(p, p.childNodes.length);
  const made = drawn({pieces: [], text: "", who: p._who, doubts: "", k: null});
  made.replaceChildren(rest.extractContents());
  if (made.firstChild?.nodeType === 3) made.firstChild.data = made.firstChild.data.replace(/^ +/, "");
  if (!p.textContent.trim()) [made._k, p._k] = [p._k, null];
  [p, made].forEach(each => { each.querySelectorAll(".w").forEach(span => span.textContent || span.remove()); touch(each); blank(each); });
  p.after(made);
  put({n: paragraphs().indexOf(made), o: 0});
};
const insert = text => {
  const lines = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "").split(/[\r\n\u2028\u2029]+/).map(line => line.replace(/\t/g, " "));
  lines.forEach((line, n) => {
    if (n) split();
    const at = range(), p = paragraphOf(at.startContainer, at.startOffset), node = document.createTextNode(line);
    p.querySelectorAll("br").forEach(each => each.remove());
    if (!inField(getSelection().anchorNode)) getSelection().collapse(p, 0);
    getSelection().getRangeAt(0).insertNode(node);
    getSelection().collapse(node, node.length);
    sure(node);
    touch(p);
  });
  reshaped();
};
/* A doubtful word is doubtful no more once something is typed in it. */
const sure = node => (node.nodeType === 1 ? node : node.parentElement)?.closest(".w.doubt")?.classList.remove("doubt");
const typedIn = text => { const at = range(); if (!at) return; begin("paste"); if (!at.collapsed) erase(at); insert(text); changed(); };

element.addEventListener("beforeinput", event => {
  if (!inField(event.target)) return;
  const type = event.inputType, at = range();
  busyTyping = Date.now();
  if (type === "historyUndo" || type === "historyRedo") { event.preventDefault(); type === "historyUndo" ? undo() : redo(); return; }
  if (!at || !(NATIVE.test(type) || MAKES.test(type))) { event.preventDefault(); return; }
  const first = paragraphOf(at.startContainer, at.startOffset), last = paragraphOf(at.endContainer, at.endOffset);
  const edge = at.collapsed && first && (type.endsWith("Backward") && !lengthTo(first, at.startContainer, at.startOffset) ? [first.previousElementSibling, first]
    : type.endsWith("Forward") && lengthTo(first, at.startContainer, at.startOffset) === first.textContent.length ? [first, first.nextElementSibling] : null);
  if (MAKES.test(type)) { event.preventDefault(); begin("split"); if (!at.collapsed) erase(at); split(); }
  else if (edge) { event.preventDefault(); if (!edge[0] || !edge[1]) return; begin("join"); join(...edge, true); }
  else if (first !== last || at.startContainer === field()) {
    if (event.cancelable) event.preventDefault();
    begin("cut");
    erase(at);
    if (type === "insertText" && event.data) insert(event.data);
  } else {
    begin("type");
    for (const target of event.getTargetRanges()) touch(paragraphOf(target.startContainer, target.startOffset));
    touch(first);
    return;
  }
  reshaped();
  changed();
});
element.addEventListener("input", event => {
  if (!inField(event.target)) return;
  const at = range(), p = at && paragraphOf(at.startContainer, at.startOffset);
  touch(p);
  if (at) sure(at.startContainer);
  if ([...field().childNodes].some(node => node._who === undefined)) mend();
  changed();
});
/* Whatever a keyboard does that we did not foresee: paragraphs stay paragraphs. */
const mend = () => {
  [...field().childNodes].filter(node => node._who === undefined).forEach(node => {
    const value = {pieces: [node.textContent || ""].filter(Boolean), text: tidy(node.textContent || ""), who: "", doubts: "", k: null};
    node.replaceWith(drawn(value));
  });
  reshaped();
};
element.addEventListener("compositionstart", event => {
  composing = true;
  const at = inField(event.target) && range();
  if (at && !at.collapsed && paragraphOf(at.startContainer, at.startOffset) !== paragraphOf(at.endContainer, at.endOffset)) { begin("cut"); erase(at); }
});
element.addEventListener("compositionend", () => { composing = false; });
element.addEventListener("paste", event => { if (inField(event.target)) { event.preventDefault(); typedIn(event.clipboardData.getData("text/plain")); } });
element.addEventListener("cut", event => {
  const at = inField(event.target) && range();
  if (!at || at.collapsed) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", chosenText(at));
  begin("cut");
  erase(at);
  changed();
});
element.addEventListener("copy", event => {
  const at = inField(event.target) && range();
  if (at && !at.collapsed) { event.preventDefault(); event.clipboardData.setData("text/plain", chosenText(at)); }
});
const chosenText = at => paragraphs().filter(p => at.intersectsNode(p)).map(p => {
  const part = document.createRange();
  part.selectNodeContents(p);
  if (p.contains(at.startContainer)) part.setStart(at.startContainer, at.startOffset);
  if (p.contains(at.endContainer)) part.setEnd(at.endContainer, at.endOffset);
  return part.toString();
}).join("\n");
for (const name of ["dragstart", "drop"]) element.addEventListener(name, event => { if (inField(event.target)) event.preventDefault(); });
const refresh = () => paragraphs().filter(p => p._stale && p._k && p._value && alike(p._value, p._k)).forEach(redraw);
element.addEventListener("focusout", event => { if (event.target === field()) { refresh(); index = null; } });
