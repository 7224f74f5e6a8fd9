/* "Show in the page" selects what a finding is about; its place is where it stood when it was looked at. */
element.addEventListener("click", event => {
  const button = event.target.closest("[data-from]"), page = document.querySelector("#page textarea");
  if (!button || !page) return;
  page.focus();
  page.setSelectionRange(+button.dataset.from, +button.dataset.to);
});
