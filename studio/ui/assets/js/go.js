/* Leads the person to the next page when a handler says so. */
watch("value", () => { if (props.value && props.value.href) location.assign(props.value.href); });
