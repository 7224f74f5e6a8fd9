/* What the server answers to something kept: the page's parts hear it without being drawn again under one's fingers. */
watch("value", () => document.dispatchEvent(new CustomEvent("vecu-answer", {detail: props.value})));
