/* Changing profile or channel: the address remembers the choice, so that a reload finds it again. */
let open = false, last = "";
element.addEventListener("change", event => {
  const radio = event.target.closest("input[type=radio]");
  if (!radio) return;
  open = true;
  last = radio.name;
  const here = new URL(location.href);
  here.searchParams.set(radio.name, radio.value);
  history.replaceState(null, "", here);
  document.querySelectorAll("a[data-lang]").forEach(link => {
    const there = new URL(link.href);
    there.searchParams.set(radio.name, radio.value);
    link.href = there.pathname + there.search;
  });
  trigger("chosen", {[radio.name]: radio.value});
});
watch("value", () => {
  const details = element.querySelector("details");
  if (!open || !details) return;
  details.open = true;
  element.querySelector(`input[name="${last}"]:checked`)?.focus();
});
