/* Who speaks, the versions, the keys: each a window of its own; Escape leaves it. */
const box = name => $(`[data-box=${name}]`);
let asked = null, wantedVersion = 0;
const openBox = name => { asked = range()?.cloneRange() || asked; box(name).showModal(); };
const shut = () => element.querySelectorAll("dialog[open]").forEach(each => each.close());
element.addEventListener("close", event => {
  if (!event.target.matches?.("dialog")) return;
  field()?.focus({preventScroll: true});
  if (asked && inField(asked.startContainer)) { getSelection().removeAllRanges(); getSelection().addRange(asked); }
}, true);

const who = () => {
  const at = range(), here = (at && paragraphOf(at.startContainer, at.startOffset)) || paragraphs()[0], input = box("who").querySelector("input");
  box("who")._here = here;
  input.value = /^\d*$/.test(here._who) ? "" : here._who;
  $("#ed-voices").replaceChildren(...[...new Set(paragraphs().map(p => p._who))].filter(name => name && !/^\d+$/.test(name)).map(name => new Option(name)));
  openBox("who");
  input.focus();
};
const name = everywhere => {
  const here = box("who")._here, old = here._who, typed = tidy(box("who").querySelector("input").value);
  shut();
  if (!here.isConnected || typed === old || (!typed && /^\d*$/.test(old))) return;
  begin("who");
  paragraphs().filter(p => p === here || (everywhere && p._who === old)).forEach(p => { p._who = typed; touch(p); });
  reshaped();
  changed();
};

const day = new Intl.DateTimeFormat(document.documentElement.lang || "fr", {dateStyle: "medium", timeStyle: "short"});
const asking = keeper("versions", () => ({number: wantedVersion}), answer => {
  if (answer.lost || answer.error) { $("[data-then]").textContent = answer.error || doc.said.lost; return; }
  const list = answer.versions.map(({number, at}, n) => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.className = "v-link";
    button.dataset.version = number;
    button.textContent = [day.format(new Date(at)), number === 1 && doc.said.heard, !n && doc.said.now].filter(Boolean).join(" · ");
    if (number === answer.number) button.setAttribute("aria-current", "true");
    item.append(button);
    return item;
  });
  const focused = document.activeElement?.dataset.version;
  $("[data-versions]").replaceChildren(...list);
  if (focused) $(`[data-version="${focused}"]`)?.focus();
  $("[data-then]").replaceChildren(...answer.text.map(([at, text]) => {
    const p = document.createElement("p"), second = document.createElement("span");
    p.dir = "auto";
    second.className = "v-small";
    second.textContent = at + " ";
    p.append(second, text);
    return p;
  }));
  wantedVersion = answer.number;
  box("versions").querySelector("[data-act=return]").disabled = !answer.versions.length || answer.number === answer.versions[0].number;
}, false);
const versions = () => { wantedVersion = 0; keep.now(); openBox("versions"); asking.now(); };
/* Going back is one deed among others: undo gives back what was there. */
const turning = keeper("went_back", () => turnedBack && {number: turnedBack}, answer => {
  turnedBack = null;
  if (answer.lost || answer.error) { trouble(answer.error || doc.said.lost); return; }
  begin("return");
  kept = JSON.parse(answer.lines).map(keeping);
  doc.version = answer.version;
  mine = null;
  become(kept.map(valueOf), {n: 0, o: 0});
  state(answer.said);
});
element.addEventListener("click", event => {
  const number = event.target.closest("[data-version]")?.dataset.version;
  if (number) { wantedVersion = +number; asking.now(); }
});
