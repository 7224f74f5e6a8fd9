/* Undo over the whole session: the text before each deed, as a row of values that later rows share. */
let past = [], future = [], burst = {};
const PAUSE = 1500;

const whole = () => paragraphs().map(read);
const begin = kind => {
  const at = range(), p = at && paragraphOf(at.startContainer, at.startOffset), moment = Date.now();
  const goesOn = kind === "type" && burst.kind === kind && burst.p === p && moment - burst.moment < PAUSE;
  burst = {kind, p, moment};
  if (goesOn) return;
  past.push({row: whole(), at: caret()});
  future = [];
};
const become = (row, at) => {
  const all = paragraphs(), least = Math.min(all.length, row.length);
  let head = 0, tail = 0;
  while (head < least && all[head]._value === row[head] && all[head]._k === row[head].k) head++;
  while (tail < least - head && all[all.length - 1 - tail]._value === row[row.length - 1 - tail]) tail++;
  const after = all[all.length - tail] || null;
  all.slice(head, all.length - tail).forEach(p => p.remove());
  row.slice(head, row.length - tail).forEach(value => field().insertBefore(drawn(value), after));
  reshaped();
  put(at);
  burst = {};
};
const step = (from, to, word) => {
  const there = from.pop();
  if (!there) return;
  to.push({row: whole(), at: caret()});
  become(there.row, there.at);
  tell(say(word));
  changed();
};
const undo = () => step(past, future, "undone"), redo = () => step(future, past, "redone");

/* What somebody changed elsewhere stays when one undoes one's own: their paragraphs go into every row, or the rows go. */
const rebase = (old, fresh, before) => {
  const values = fresh.map(valueOf);
  const into = entry => {
    const {row} = entry, first = old.length ? row.findIndex(value => value.k === old[0]) : row.findIndex(value => value.k === before) + 1;
    const there = first >= 0 && (old.length || before === null || first > 0)
      && old.every((k, n) => row[first + n]?.k === k && alike(row[first + n], k));
    return there ? {...entry, row: [...row.slice(0, first), ...values, ...row.slice(first + old.length)]} : null;
  };
  const rebased = rows => { const all = rows.map(into); return all.slice(all.lastIndexOf(null) + 1); };
  past = rebased(past);
  future = rebased(future);
};
