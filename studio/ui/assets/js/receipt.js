/* The receipt is the signed text itself, as a file. */
element.addEventListener("click", event => {
  const wanted = event.target.closest("[data-receipt]");
  if (!wanted) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([element.querySelector(`[data-signed="${wanted.dataset.of}"]`).textContent],
                                           {type: "text/plain;charset=utf-8"}));
  link.download = wanted.dataset.receipt;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});
