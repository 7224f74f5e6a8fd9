/* One's own page: counted as it is typed, kept after a short rest, at once when the person leaves. */
const page = () => document.querySelector("#page textarea");
const letters = text => [...text].length;
const channel = () => document.querySelector("input[name=channel]:checked")?.value || props.value?.channel;
let waiting = null;
const count = () => {
  const foot = props.value || {}, text = page()?.value || "", words = foot.words;
  const counter = element.querySelector("[data-count]"), fold = element.querySelector("[data-fold]");
  if (!words || !counter) return;
  const n = letters(text.trim()), number = x => x.toLocaleString(document.documentElement.lang);
  counter.textContent = (foot.limit ? words.limit : words.free).replace("{n}", number(n)).replace("{limit}", number(foot.limit || 0));
  counter.toggleAttribute("data-over", Boolean(foot.limit && n > foot.limit));
  const start = [...text.trim()].slice(0, foot.fold || 0).join("").replace(/\s+/g, " ");
  fold.textContent = foot.fold && n > foot.fold ? words.fold.replace("{start}", start + "…") : "";
};
/* What was typed goes with the channel it was typed for, however late it is sent. */
let sent = null;
const kept = keeper("typed", () => { sent = waiting; waiting = null; return sent; }, answer => {
  if (answer.lost) { waiting ||= sent; setTimeout(kept.now, 5000); return; }
  if (answer.channel === channel()) { props.value = answer.foot; requestAnimationFrame(count); }
});
document.addEventListener("input", event => {
  if (!event.target.matches?.("#page textarea")) return;
  waiting = {channel: channel(), text: event.target.value};
  document.dispatchEvent(new CustomEvent("vecu:typing"));
  count();
  kept.soon();
});
document.addEventListener("focusout", event => { if (event.target.matches?.("#page textarea")) kept.now(); });
watch("value", count);
/* The column is laid out after its value came, and the page's own text a moment later. */
requestAnimationFrame(() => requestAnimationFrame(count));
