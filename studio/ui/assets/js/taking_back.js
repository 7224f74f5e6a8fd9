/* Taking back is as near as giving: everything, or one channel. */
element.addEventListener("click", event => {
  const asked = event.target.closest("[data-act=withdrew]");
  if (asked) trigger("withdrew", {story: asked.dataset.story || "", channel: asked.dataset.channel || ""});
});
