/* What somebody takes back leaves the open pages of others: asked every two seconds, while the page is looked at and
   shows a story of somebody else (`data-story`, `data-use`). A card goes; a page about that story (`data-whole`) closes. */
const told = element.querySelector("[data-told]"), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const silence = player => {
  player.pause();
  player.removeAttribute("poster");
  player.removeAttribute("src");
  player.load();
};
const count = list => {
  const cards = list.querySelectorAll("[data-card]:not(.v-leaving)").length, heading = list.querySelector("[data-many]");
  if (cards && heading) heading.textContent = cards === 1 ? heading.dataset.one : heading.dataset.many.replace("{n}", cards);
  if (cards) return;
  heading?.remove();
  const line = list.appendChild(document.createElement("p"));
  line.className = "v-lead";
  line.textContent = told.dataset.card;
};
const leave = card => {
  const list = card.parentElement, sources = [...card.querySelectorAll("[data-src]")].map(one => one.dataset.src);
  document.querySelectorAll("audio[src],video[src]").forEach(player => {
    if (sources.includes(player.getAttribute("src")) || card.contains(player)) silence(player);
  });
  card.classList.add("v-leaving");
  told.textContent = told.dataset.card;
  if (still) card.remove();
  else setTimeout(() => card.remove(), 250);
  count(list);
};
/* All of the page goes but what one wrote oneself; taken out rather than hidden, so that no word of it is left. */
const strip = box => [...box.children].forEach(part => {
  if (part.matches(".v-mine")) part.querySelectorAll("textarea").forEach(own => { own.readOnly = true; });
  else if (part.querySelector(".v-mine")) strip(part);
  else part.remove();
});
const close = page => {
  const mine = page.querySelector(".v-mine"), typing = mine?.contains(document.activeElement);
  page.querySelectorAll("audio,video").forEach(silence);
  strip(page);
  const line = document.createElement("div"), add = (tag, text) => {
    const part = line.appendChild(document.createElement(tag));
    part.textContent = text;
    return part;
  };
  line.className = "v-empty";
  line.tabIndex = -1;
  add("h1", told.dataset.page);
  add("p", mine ? told.dataset.mine : told.dataset.why);
  const way = add("a", told.dataset.way);
  way.className = "v-btn";
  way.href = told.dataset.href;
  page.prepend(line);
  told.textContent = told.dataset.page;
  if (!typing) line.focus();
};
const ask = async (use, all) => {
  const [act, channel] = use.split(":"), ids = [...new Set(all.map(one => one.dataset.story))].slice(0, 60);
  const answer = await fetch("/encore", {method: "POST", credentials: "same-origin", headers: {"Content-Type": "application/json"},
                                         body: JSON.stringify({use: act, channel: channel || null, ids})});
  if (!answer.ok) return answer.status !== 401;
  const seen = new Set((await answer.json()).still);
  const gone = all.filter(one => one.isConnected && ids.includes(one.dataset.story) && !seen.has(one.dataset.story));
  gone.forEach(one => one.hasAttribute("data-whole") ? close(one.closest(".v-page")) : leave(one));
  return true;
};
const look = async () => {
  const uses = new Map();
  if (!document.hidden) document.querySelectorAll("[data-story][data-use]:not(.v-leaving)").forEach(one => {
    uses.set(one.dataset.use, [...(uses.get(one.dataset.use) || []), one]);
  });
  let on = element.isConnected;
  for (const [use, all] of uses) on = on && await ask(use, all).catch(() => true);
  if (on) setTimeout(look, 2000);
};
setTimeout(look, 2000);
