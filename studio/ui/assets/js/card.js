/* Title, team, site, day: kept as they are typed. */
const field = name => element.querySelector(`[name=${name}]`);
const kept = keeper("described", () => field("title") && {
  title: field("title").value, team: field("team").value, site: field("site").value, day: field("day").value,
}, answer => {
  element.querySelector("[data-kept]").textContent = answer.error || answer.said || element.querySelector("[data-kept]").dataset.lost;
  if (answer.lost) setTimeout(kept.now, 5000);
});
element.addEventListener("input", kept.soon);
element.addEventListener("change", kept.now);
