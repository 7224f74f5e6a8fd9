/* Signing sends the choices again, the name, and which text was before the person's eyes. */
element.addEventListener("submit", event => {
  event.preventDefault();
  const form = document.querySelector("#choices form");
  const picked = name => [...form.querySelectorAll(`[name=${name}]:checked`)].map(box => box.value);
  trigger("signed", {
    purposes: picked("purposes"), channels: picked("channels"), from: form.elements.from.value, until: form.elements.until.value,
    face: picked("face")[0] || "", voice: picked("voice")[0] || "", name: picked("name")[0] || "",
    signature: element.querySelector("[name=signature]").value, hash: element.querySelector("[data-hash]").dataset.hash,
  });
});
