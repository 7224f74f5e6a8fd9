/* The frame is the same for everybody: who looks, and at what, is known here only. */
document.title = element.querySelector("[data-title]").dataset.title;
element.querySelectorAll("[data-lang]").forEach(link => {
  const here = new URLSearchParams(location.search);
  here.set("vers", new URL(link.href).searchParams.get("vers"));
  link.href = link.pathname + "?" + here;
});
fetch("/moi", {credentials: "same-origin"}).then(answer => answer.ok ? answer.json() : null).then(me => {
  const circle = element.querySelector(".v-me");
  document.body.classList.toggle("v-guest", !!me?.guest);
  if (me && circle) { circle.textContent = me.initials; circle.setAttribute("aria-label", circle.getAttribute("aria-label") + ", " + me.name); }
});
