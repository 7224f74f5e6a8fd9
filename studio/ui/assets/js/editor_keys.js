/* Keys that are on every keyboard and write nothing: Escape, Tab, Enter and arrows. Alt with an arrow is never AltGr
   (that one comes with Ctrl); a letter is asked of nobody but where every word processor asks the same. */
const DOES = {
  toggle, back, faster: () => speed(1, true), doubt: () => { if (!nextDoubt(1) && doubts()[0]) choose(doubts()[0]); }, accept, undo, redo,
  find, unfind, one: () => replace(false), all: () => replace(true), who, everywhere: () => name(true), here: () => name(false),
  versions, return: () => { shut(); turnedBack = wantedVersion; turning.now(); }, help: () => openBox("help"), shut,
  passage: () => chosen && go(chosen.from, chosen.to), mine: () => settled(true), theirs: () => settled(false),
};
element.addEventListener("click", event => {
  const act = event.target.closest(".ed [data-act]")?.dataset.act;
  if (act && DOES[act]) DOES[act]();
});
const keyed = event => {
  const mod = event.ctrlKey !== event.metaKey, alt = event.altKey && !event.ctrlKey && !event.metaKey, key = event.key.toLowerCase();
  if (mod && !event.altKey) {
    if (key === "enter") return accept;
    if (key === "f" && !event.shiftKey) return find;
    if (key === "z") return event.shiftKey ? redo : undo;
    if (key === "y" && !event.shiftKey) return redo;
    if (key === "?") return DOES.help;
    return null;
  }
  if (alt && key === "arrowup") return event.shiftKey ? () => speed(1) : back;
  if (alt && key === "arrowdown") return event.shiftKey ? () => speed(-1) : fromHere;
  if (alt && key === "enter") return who;
  if (alt || event.ctrlKey || event.metaKey) return null;
  if (key === "escape") return toggle;
  if (key === "tab" && seek(event.shiftKey ? -1 : 1)) return () => nextDoubt(event.shiftKey ? -1 : 1);
  return null;
};
element.addEventListener("keydown", event => {
  if (event.isComposing || event.keyCode === 229) return;
  if (finder()?.contains(event.target)) {
    if (event.key === "Escape") { event.preventDefault(); unfind(); }
    else if (event.key === "Enter" && event.target.name === "replace") { event.preventDefault(); replace(event.ctrlKey || event.metaKey); }
    return;
  }
  if (box("who")?.contains(event.target) && event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); name(true); return; }
  if (!inField(event.target)) return;
  const does = keyed(event);
  if (does) { event.preventDefault(); does(); }
});
document.addEventListener("keydown", event => {
  if (event.key !== "?" || !element.isConnected || !$(".ed") || event.target.closest?.("input,textarea,select,[contenteditable],dialog")) return;
  event.preventDefault();
  openBox("help");
});
