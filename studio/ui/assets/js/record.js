/* Raconter. Sound and picture are kept in this browser and go to the server piece by piece while the person speaks; the red line is the meter. */
const $ = what => element.querySelector(what), box = () => $(".rc"), words = () => props.value.words;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const TEST_MS = 3000, ANSWER_MS = 5000, MOST_MARKS = 100;
const FILMS = ["video/mp4;codecs=avc1.42E01E,mp4a.40.2", "video/mp4;codecs=avc1,opus", "video/webm;codecs=vp9,opus", "video/webm;codecs=vp8,opus", "video/webm"];
const VOICES = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
let state = "idle", levels = [], recorder, asleep, sending = null, whose = null, leave = false;
let begun = 0, before = 0, last = 0, asked = 0, marks = [], two = false;

/* what is said, and where we are */
const say = (key, sentence) => { const line = $(".rc-state"); if (line) line.textContent = sentence || words()[key]; };
const set = next => {
  state = next;
  box().dataset.state = next;
  $(".rc-btn").disabled = next === "sending";
  $(".rc-btn").setAttribute("aria-label", running() ? words().stop : words().start);
  $(".rc-pause-t").textContent = next === "pause" ? words().resume : words().pause;
  $(".rc-film").hidden = !stream || !stream.getVideoTracks().length;
  $(".rc-film").srcObject = $(".rc-film").hidden ? null : stream;
  if (next !== "idle") $(".rc-file").hidden = true;
  offer();
};
const running = () => state === "rec" || state === "pause";
const elapsed = () => before + (state === "rec" ? (performance.now() - begun) / 1000 : 0);
const withPicture = () => $("[name=how]:checked")?.value === "film";
const clock = s => Math.floor(s / 60) + ":" + String(Math.floor(s % 60)).padStart(2, "0");
const progress = share => {
  const bar = $(".rc-sent");
  bar.hidden = share === null;
  if (share === null) return;
  const percent = Math.round(100 * share);
  bar.querySelector(".v-bar").setAttribute("aria-valuenow", percent);
  bar.querySelector(".v-bar span").style.width = percent + "%";
  bar.querySelector(".rc-far").textContent = percent + "\u00a0%";
};

/* the meter */
const colour = name => getComputedStyle(document.body).getPropertyValue(name).trim();
const draw = now => {
  const canvas = $("canvas");
  if (!canvas) return;
  if ((state === "rec" || state === "test") && now - last > (still ? 250 : 45)) {
    last = now;
    levels.unshift(Math.min(1, listen() * 6));
    levels.length = Math.min(levels.length, 500);
    $(".rc-time").textContent = clock(elapsed());
    if (state === "rec" && elapsed() >= props.value.most_s) finish();
  }
  paint(canvas);
  requestAnimationFrame(draw);
};
const paint = canvas => {
  const frame = canvas.getBoundingClientRect(), dots = devicePixelRatio || 1;
  const wide = Math.round(frame.width * dots), high = Math.round(frame.height * dots);
  if (canvas.width !== wide || canvas.height !== high) { canvas.width = wide; canvas.height = high; }
  const pen = canvas.getContext("2d"), button = $(".rc-btn").getBoundingClientRect();
  const middle = button.left + button.width / 2 - frame.left, y = button.top + button.height / 2 - frame.top;
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  pen.clearRect(0, 0, frame.width, frame.height);
  pen.strokeStyle = pen.fillStyle = colour("--v-voice");
  pen.lineWidth = 1.5; pen.globalAlpha = .55;
  pen.beginPath(); pen.moveTo(0, y); pen.lineTo(frame.width, y); pen.stroke();
  levels.forEach((loud, n) => {
    const tall = Math.max(2, loud * frame.height * .86), x = 62 + n * 6;
    pen.globalAlpha = Math.max(.12, .9 - n / 150);
    pen.fillRect(middle + x, y - tall / 2, 3, tall);
    pen.fillRect(middle - x, y - tall / 2, 3, tall);
  });
};
requestAnimationFrame(draw);

/* sending, and what is said when it does not go */
const who = async patience => (await call("GET", "", {patience})).json();
const trouble = error => { closeDevices(); set("idle"); say(TROUBLES[error.name] || "denied"); $(".rc-file").hidden = false; };
const sentence = error => error.sentence || words()[{404: "gone", 410: "gone", 413: "large"}[error.status]] || "";
const moved = now => {
  if (now.late && (running() || state === "sending")) say(state === "sending" ? "later" : "offline", now.late.status === 507 && now.late.sentence);
  else if (now.failure && running()) say("local", sentence(now.failure));
  else if (state === "rec" && $(".rc-state").textContent === words().offline) say("listening");
  if (state === "sending") { progress(now.total ? now.arrived / now.total : 0); if (!now.late) say("sending"); }
};
const keep = async (now, what) => {
  set("sending"); say("sending"); progress(now.total ? now.arrived / now.total : 0);
  now.closed = true;
  await now.run(moved);
  if (now.failure) throw now.failure;
  say("checking");
  const known = {size: Math.max(now.total, now.arrived), mark: now.recording.mark || "", ...what};
  for (let tries = 0; ; tries++) {
    try {
      const kept = await tell(`/${now.recording.upload}/finir`, known);
      leave = false;
      await now.keeping;
      await now.store.drop(now.recording.id);
      location.assign(props.value.next + kept.story);
      return;
    } catch (error) {
      if (error.status === 422 && error.sentence) await now.store.drop(now.recording.id);  /* it is no media: there is nothing to take up again */
      if (error.status || tries >= 2) throw error;
      await wait(PAUSE_MS);
    }
  }
};
const refused = error => { leave = false; progress(null); set("idle"); say("unsent", sentence(error)); $(".rc-file").hidden = error.status !== 422; rescue(); sending?.letGo(); setTimeout(look, 500); };
const rescue = () => {
  const copy = $(".rc-copy");
  if (!sending || !sending.parts.length || !recorder || sending.base) return;
  copy.href = URL.createObjectURL(new Blob(sending.parts, {type: recorder.mimeType}));
  copy.download = recorder.mimeType.includes("mp4") ? "recit.mp4" : "recit.webm";
  copy.hidden = false;
};

/* recording */
const begin = async type => {
  /* at a corner nothing stays in the browser: the next person is somebody else */
  const store = props.value.kiosk ? new Unsent(null) : await who(ANSWER_MS).then(now => { whose = now.whose; return Unsent.of(whose); }, () => whose && Unsent.of(whose)) || new Unsent(null);
  const recording = {id: [...crypto.getRandomValues(new Uint8Array(16))].map(each => each.toString(16).padStart(2, "0")).join(""), whose, kept: true, type, since: new Date().toISOString(), what: {}};
  const now = new Sending(recording, store, words().stranger);
  try { await now.begin(null, ANSWER_MS); } catch (error) { if (error.status) { now.letGo(); throw error; } }  /* no line yet: it is kept here, and sent when there is one */
  await now.note();
  return now;
};
const start = async () => {
  const picture = withPicture();
  if (two && !paired()) return;
  say("opening");
  try { await openDevices(picture); } catch (error) { return trouble(error); }
  const type = (picture ? FILMS : VOICES).find(each => MediaRecorder.isTypeSupported(each));
  /* Chromium writes MP4 from one whole picture to the next, some ten seconds apart if left alone: what is in between would die with the tab. */
  recorder = new MediaRecorder(stream, {mimeType: type, videoBitsPerSecond: 2500000, audioBitsPerSecond: 96000, videoKeyFrameIntervalDuration: 1000});
  try { sending = await begin(recorder.mimeType); } catch (error) { recorder = null; closeDevices(); return refused(error); }
  recorder.ondataavailable = piece => {
    sending.add(piece.data);
    if (state === "rec" && elapsed() >= props.value.most_s) finish();  /* a page out of sight draws nothing, but this comes */
  };
  recorder.onstop = () => { closeDevices(); keep(sending, told()).catch(refused); };
  stream.getTracks().forEach(track => {
    track.onended = () => { if (running()) finish(); };
    track.onmute = () => { if (state === "rec") say("interrupted"); };
    track.onunmute = () => { if (state === "rec") say("listening"); };
  });
  levels = []; before = 0; marks = []; mark();
  recorder.start(1000);
  begun = performance.now();
  set("rec"); say("listening");
  sending.run(moved);
  leave = true;
  awake();
  const mine = recorder;
  setTimeout(() => { if (state === "rec" && recorder === mine && !sending.late) say({fine: "safe"}[verdict(LEVELLED)] || verdict(LEVELLED)); }, TEST_MS);
};
const name = () => "recit." + (recorder.mimeType.includes("mp4") ? "mp4" : "webm");
const told = () => ({name: name(), question: marks[0].question, markers: marks, speakers: two ? 2 : 1, people: two ? pair() : []});
const mark = () => {
  if (marks.length >= MOST_MARKS) return;
  marks.push({question: props.value.questions[asked].id, at: +elapsed().toFixed(2), who: two ? pair()[1] : ""});
  Object.assign(sending.recording, {what: told()});
  sending.note();
};
const finish = () => {
  before = elapsed();
  set("sending");
  asleep?.release?.();
  recorder.stop();
};
const pause = () => {
  if (state === "rec") { before = elapsed(); recorder.pause(); recorder.requestData(); set("pause"); say("paused"); return; }
  recorder.resume(); begun = performance.now(); set("rec"); say("listening");
};
const awake = async () => { asleep = await navigator.wakeLock?.request("screen").catch(() => null); };
const drop = async file => {
  if (!file || state !== "idle") return;
  if (file.size > props.value.most_bytes) return say("large");
  if (!file.size) return say("hollow");
  recorder = null;
  set("sending"); say("sending"); progress(0);
  try {
    const [now, sign] = await Promise.all([who(), markOf(file)]);
    const half = now.waiting.find(each => each.mark === sign && each.length === file.size);
    sending = new Sending({id: "file-" + sign, whose: now.whose, upload: half?.id, mark: sign, type: file.type, length: file.size}, new Unsent(null), words().stranger);
    sending.parts.push(file);
    sending.total = file.size;
    leave = true;
    await keep(sending, {name: file.name.slice(-300)});
  } catch (error) { refused(error); } finally { sending?.letGo(); }
};
const choose = () => {
  const input = document.createElement("input");
  input.type = "file"; input.accept = "audio/*,video/*";
  input.onchange = () => drop(input.files[0]);
  input.click();
};
const another = () => {
  const all = props.value.questions;
  asked = (asked + 1) % all.length;
  $(".rc-q").textContent = all[asked].text;
  if (running()) mark();
};

/* the three-second test: how it sounds, and what to do */
const test = async () => {
  say("opening");
  const audio = $(".rc-listen");
  if (audio.src) { audio.hidden = true; URL.revokeObjectURL(audio.src); audio.removeAttribute("src"); }
  try { await openDevices(withPicture(), false); } catch (error) { return trouble(error); }
  const type = VOICES.find(each => MediaRecorder.isTypeSupported(each)), pieces = [];
  const taken = new MediaRecorder(new MediaStream(stream.getAudioTracks()), {mimeType: type});
  taken.ondataavailable = piece => pieces.push(piece.data);
  taken.onstop = () => { audio.src = URL.createObjectURL(new Blob(pieces, {type})); audio.hidden = false; };
  levels = [];
  taken.start();
  set("test"); say("testing");
  setTimeout(() => { taken.stop(); closeDevices(); set("idle"); say({fine: "tested"}[verdict(RAW)] || verdict(RAW)); }, TEST_MS);
};

/* two people: who asks, who answers */
const names = () => [...element.querySelectorAll(".rc-two input")], pair = () => names().map(each => each.value.trim().replace(/\s+/g, " "));
const paired = () => {
  const [asks, answers] = pair();
  if (asks && answers && asks.toLowerCase() !== answers.toLowerCase()) return true;
  say("names");
  names()[asks ? 1 : 0].focus();
  return false;
};
const turn = () => { $(".rc-turn-t").textContent = words().turn.replace("{asks}", pair()[0]).replace("{answers}", pair()[1]); };
const together = async () => {
  two = !two;
  $("[data-a=together]").setAttribute("aria-pressed", two);
  $(".rc-two").hidden = !two;
  if (!two) return;
  const [first] = names();
  if (!first.value) first.value = (await who().catch(() => null))?.first_name || "";
  names()[first.value ? 1 : 0].focus();
  const colleagues = await call("GET", "/collegues").then(answer => answer.json()).catch(() => []);
  $(".rc-two datalist").replaceChildren(...colleagues.map(each => Object.assign(document.createElement("option"), {value: each})));
};
const swap = () => {
  const [asks, answers] = names();
  [asks.value, answers.value] = [answers.value, asks.value];
  turn();
  if (running()) { mark(); say("swapped", words().swapped.replace("{answers}", pair()[1])); }
};

/* again from the start: what was said goes, here and on the server */
const retake = () => { if (state === "rec") pause(); $(".rc-dialog").showModal(); };
const back = () => $(".rc-dialog").close();
const anew = async () => {
  back();
  recorder.onstop = recorder.ondataavailable = null;
  recorder.stop();
  asleep?.release?.();
  closeDevices();
  leave = false;
  set("idle"); say("gone_again");
  $(".rc-time").textContent = clock(0);
  levels = [];
  $(".rc-btn").focus();
  await sending.drop();
};

/* what was cut off earlier, here or in another browser */
let waiting = [];
const look = async () => {
  if (props.value.kiosk) return;
  try {
    const now = await who(), store = await Unsent.of(now.whose), held = await heldElsewhere();
    whose = now.whose;
    const here = (await store.all()).filter(each => !held.has(each.id));
    waiting = [];
    for (const recording of here) {
      const pieces = await store.pieces(recording.id), there = now.waiting.find(each => each.id.replaceAll("-", "") === recording.upload);
      if (recording.erase) await erase(recording, store);
      else if (there || (pieces.length && pieces[0].at === 0)) waiting.push({recording, store, pieces, there, since: recording.since});
      else await store.drop(recording.id);  /* it was finished, or erased elsewhere */
    }
    const mine = new Set((await store.all()).map(each => each.upload));
    now.waiting.filter(each => !mine.has(each.id.replaceAll("-", ""))).forEach(there => waiting.push({there, store, pieces: [], since: there.since}));
  } catch { waiting = []; }
  box().dataset.looked = "";
  offer();
};
const half = () => waiting[0]?.there?.length > (waiting[0]?.there?.size || 0);
const offer = () => {
  const line = $(".rc-again");
  if (!line) return;
  line.hidden = !waiting.length || state !== "idle";
  if (line.hidden) return;
  const when = new Date(waiting[0].since).toLocaleString(document.documentElement.lang, {day: "numeric", month: "long", hour: "numeric", minute: "2-digit"});
  const share = half() ? Math.floor(100 * waiting[0].there.size / waiting[0].there.length) : 0;
  $(".rc-again-t").textContent = words()[half() ? "half" : "again"].replace("{when}", when).replace("{share}", share) + (waiting.length > 1 ? " " + words().more.replace("{n}", waiting.length - 1) : "");
  $("[data-a=resume]").hidden = half();
  $(".rc-again [data-a=drop]").hidden = !half();
};
const resume = async () => {
  const {recording, store, pieces, there} = waiting[0];
  recorder = null;
  sending = new Sending(recording || {id: there.id, whose, upload: there.id, type: ""}, store, words().stranger);
  const first = pieces.length ? pieces[0].at : there.size, parts = pieces.map(each => new Blob([each.bytes]));
  Object.assign(sending, {base: first, parts, total: first + parts.reduce((sum, part) => sum + part.size, 0)});
  if (recording && recording.upload && !there) recording.upload = null;  /* the server no longer has it, and all of it is here */
  if (there && there.size > sending.total) sending.total = there.size;
  try { await keep(sending, recording?.what?.name ? recording.what : {name: "recit"}); } catch (error) { refused(error); } finally { sending.letGo(); }
};
const forget = async () => {
  const {recording, store, there} = waiting.shift();
  offer();
  await erase(recording || {id: there.id, upload: there.id}, store);
};
look();

const acts = {rec: () => running() ? finish() : start(), pause, test, drop: choose, other: another, resume, forget, retake, back, anew, together, swap};
element.addEventListener("click", event => {
  const act = event.target.closest("[data-a]")?.dataset.a;
  if (act) acts[act]();
});
element.addEventListener("input", event => { if (event.target.closest(".rc-two")) turn(); });
element.addEventListener("dragover", event => { event.preventDefault(); box().classList.add("over"); });
element.addEventListener("dragleave", () => box().classList.remove("over"));
element.addEventListener("drop", event => { event.preventDefault(); box().classList.remove("over"); drop(event.dataTransfer.files[0]); });
addEventListener("beforeunload", event => { if (leave) event.preventDefault(); });
/* A phone may end a page that is out of sight: what was said until then is asked for, and the screen is held awake again after. */
document.addEventListener("visibilitychange", () => {
  if (!recorder || recorder.state === "inactive") return;
  if (document.hidden) { recorder.requestData(); return; }
  context?.resume?.();
  awake();
});
