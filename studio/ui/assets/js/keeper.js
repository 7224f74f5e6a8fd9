/* Keeping as one types: one thing is sent at a time, and what is typed meanwhile goes with the next.
   Leaving while something is on its way asks first, unless nothing would be lost (`loses` false). */
const keeper = (to, take, answered, loses = true) => {
  let busy = false, wanted = false, turn = 0, timer = null, patience = null;
  const send = () => {
    clearTimeout(timer);
    timer = null;
    if (busy) { wanted = true; return; }
    const what = take();
    if (!what) return;
    busy = true; wanted = false; turn += 1;
    patience = setTimeout(() => done({to, turn, lost: true}), 20000);
    trigger(to, {...what, turn});
  };
  const done = answer => {
    if (!answer || answer.to !== to || answer.turn !== turn || !busy) return;
    clearTimeout(patience);
    busy = false;
    answered(answer);
    if (wanted) send();
  };
  document.addEventListener("vecu-answer", event => done(event.detail));
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) send(); });
  addEventListener("beforeunload", event => { if (loses && (busy || timer)) { send(); event.preventDefault(); } });
  return {soon: () => { clearTimeout(timer); timer = setTimeout(send, 600); }, now: send};
};
