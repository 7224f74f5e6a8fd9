/* Raconter. Sound and picture go to the server piece by piece while the person speaks; the red line is the meter. */
const $ = what => element.querySelector(what), box = () => $(".rc"), words = () => props.value.words;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const PIECE = 4 * 1024 * 1024, LOUD = .02, TEST_MS = 3000;
const FILMS = ["video/mp4;codecs=avc1.42E01E,mp4a.40.2", "video/mp4;codecs=avc1,opus", "video/webm;codecs=vp9,opus", "video/webm;codecs=vp8,opus", "video/webm"];
const VOICES = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
let state = "idle", levels = [], analyser, samples, stream, recorder, context, asleep;
let begun = 0, before = 0, peak = 0, last = 0, asked = 0, marks = [], arrival = null;

/* what is said, and where we are */
const say = (key, sentence) => { const line = $(".rc-state"); if (line) line.textContent = sentence || words()[key]; };
const set = next => {
  state = next;
  box().dataset.state = next;
  $(".rc-btn").disabled = next === "sending";
  $(".rc-btn").setAttribute("aria-label", next === "rec" || next === "pause" ? words().stop : words().start);
  $(".rc-pause-t").textContent = next === "pause" ? words().resume : words().pause;
};
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
const level = () => {
  if (!analyser) return 0;
  analyser.getFloatTimeDomainData(samples);
  return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
};
const colour = name => getComputedStyle(document.body).getPropertyValue(name).trim();
const draw = now => {
  const canvas = $("canvas");
  if (!canvas) return;
  if ((state === "rec" || state === "test") && now - last > (still ? 250 : 45)) {
    last = now;
    const loud = level();
    peak = Math.max(peak, loud);
    levels.unshift(Math.min(1, loud * 6));
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

/* the microphone and the camera */
const devices = async picture => {
  if (!navigator.mediaDevices?.getUserMedia) throw Object.assign(new Error(), {name: "Insecure"});
  close();
  stream = await navigator.mediaDevices.getUserMedia({
    audio: {echoCancellation: true, noiseSuppression: true},
    video: picture ? {width: {ideal: 1280}, height: {ideal: 720}, facingMode: "user"} : false,
  });
  context = new AudioContext();
  await context.resume();
  analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  samples = new Float32Array(2048);
  context.createMediaStreamSource(stream).connect(analyser);
  const film = $(".rc-film");
  film.hidden = !picture;
  film.srcObject = picture ? stream : null;
};
const close = () => {
  stream?.getTracks().forEach(track => track.stop());
  context?.close();
  stream = context = analyser = null;
  const film = $(".rc-film");
  if (film) { film.hidden = true; film.srcObject = null; }
};
const trouble = error => {
  close();
  set("idle");
  const known = {NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "absent", OverconstrainedError: "absent",
                 NotReadableError: "busy", Insecure: "insecure"};
  say(known[error.name] || "denied");
};

/* sending: pieces in order, sent again until they have arrived */
const call = async (method, path, body, type) => {
  const answer = await fetch("/upload" + path, {method, body, credentials: "same-origin", headers: type ? {"Content-Type": type} : {}});
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(said.sentence || ""), {status: answer.status, sentence: said.sentence, size: said.size});
  return said;
};
const wait = ms => new Promise(done => setTimeout(done, ms));
const final = error => error.status && error.status !== 409 && error.status < 500;
class Sending {
  constructor(id) { this.id = id; this.kept = []; this.arrived = 0; this.total = 0; this.closed = false; this.failure = null; this.late = false; }
  add(blob) { if (blob.size) { this.kept.push(blob); this.total += blob.size; } }
  async run() {
    while (!this.closed || this.arrived < this.total) {
      if (this.arrived >= this.total) { await wait(150); continue; }
      const rest = new Blob(this.kept).slice(this.arrived, this.arrived + PIECE);
      try {
        this.arrived = (await call("PUT", `/${this.id}?at=${this.arrived}`, rest)).size;
        this.late = false;
      } catch (error) {
        if (error.status === 409 && Number.isInteger(error.size)) { this.arrived = error.size; continue; }
        if (final(error)) { this.failure = error; return; }
        this.late = true;
        if (state === "rec") say("offline");
        await wait(1500);
      }
      if (state === "sending") progress(this.total ? this.arrived / this.total : 0);
    }
  }
}
const keep = async (sending, name) => {
  set("sending"); say("sending"); progress(sending.total ? sending.arrived / sending.total : 0);
  sending.closed = true;
  await sending.done;
  if (sending.failure) throw sending.failure;
  say("checking");
  const what = {name, question: props.value.questions[asked].id, markers: marks};
  for (let tries = 0; ; tries++) {
    try {
      const kept = await call("POST", `/${sending.id}/finir`, JSON.stringify(what), "application/json");
      leave = false;
      location.assign(props.value.next + kept.story);
      return;
    } catch (error) {
      if (final(error) || tries >= 2) throw error;
      await wait(1500);
    }
  }
};
const begin = async () => {
  const sending = new Sending((await call("POST", "/commencer")).id);
  sending.done = sending.run();
  return sending;
};
const refused = error => { progress(null); set("idle"); say(error.sentence ? null : "unsent", error.sentence); rescue(); };
const rescue = () => {
  const copy = $(".rc-copy");
  if (!arrival || !arrival.kept.length || !recorder) return;
  copy.href = URL.createObjectURL(new Blob(arrival.kept, {type: recorder.mimeType}));
  copy.download = recorder.mimeType.includes("mp4") ? "recit.mp4" : "recit.webm";
  copy.hidden = false;
};

/* recording */
const start = async () => {
  const picture = withPicture();
  say("opening");
  try { await devices(picture); } catch (error) { return trouble(error); }
  try { arrival = await begin(); } catch (error) { close(); return refused(error); }
  const type = (picture ? FILMS : VOICES).find(each => MediaRecorder.isTypeSupported(each));
  recorder = new MediaRecorder(stream, {mimeType: type, videoBitsPerSecond: 2500000, audioBitsPerSecond: 96000});
  recorder.ondataavailable = piece => arrival.add(piece.data);
  recorder.onstop = () => { close(); keep(arrival, "recit." + (recorder.mimeType.includes("mp4") ? "mp4" : "webm")).catch(refused); };
  stream.getTracks().forEach(track => { track.onended = () => { if (state === "rec" || state === "pause") finish(); }; });
  levels = []; peak = 0; before = 0; marks = [{question: props.value.questions[asked].id, at: 0}];
  recorder.start(1000);
  begun = performance.now();
  set("rec"); say("listening");
  leave = true;
  asleep = await navigator.wakeLock?.request("screen").catch(() => null);
  setTimeout(() => { if (state === "rec") say(peak > LOUD ? "safe" : "mute"); }, TEST_MS);
};
const finish = () => {
  before = elapsed();
  set("sending");
  asleep?.release?.();
  recorder.stop();
};
const pause = () => {
  if (state === "rec") { before = elapsed(); recorder.pause(); set("pause"); say("paused"); return; }
  recorder.resume(); begun = performance.now(); set("rec"); say("listening");
};
const test = async () => {
  say("opening");
  try { await devices(withPicture()); } catch (error) { return trouble(error); }
  levels = []; peak = 0;
  set("test"); say("testing");
  setTimeout(() => { if (state !== "test") return; close(); set("idle"); say(peak > LOUD ? "tested" : "mute"); }, TEST_MS);
};
const drop = async file => {
  if (!file || state !== "idle") return;
  if (file.size > props.value.most_bytes) return say("large");
  if (!file.size) return say("hollow");
  arrival = null; recorder = null; marks = [];
  try {
    const sending = await begin();
    leave = true;
    sending.add(file);
    await keep(sending, file.name);
  } catch (error) { leave = false; refused(error); }
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
  if (state === "rec" || state === "pause") marks.push({question: all[asked].id, at: +elapsed().toFixed(2)});
};

/* an earlier recording that was cut off */
let leave = false, waiting = [];
const offer = () => { const line = $(".rc-again"); if (line) line.hidden = !waiting.length || state !== "idle"; };
const resume = async () => {
  const sending = new Sending(waiting[0].id);
  sending.arrived = sending.total = waiting[0].size;
  sending.done = sending.run();
  try { await keep(sending, "recit"); } catch (error) { waiting.shift(); refused(error); offer(); }
};
const forget = async () => { await call("DELETE", "/" + waiting[0].id).catch(() => null); waiting.shift(); offer(); };
call("GET", "").then(found => { waiting = found; offer(); }).catch(() => null);

const acts = {rec: () => state === "rec" || state === "pause" ? finish() : start(), pause, test, drop: choose, other: another, resume, forget};
element.addEventListener("click", event => {
  const act = event.target.closest("[data-a]")?.dataset.a;
  if (act) acts[act]();
});
element.addEventListener("dragover", event => { event.preventDefault(); box().classList.add("over"); });
element.addEventListener("dragleave", () => box().classList.remove("over"));
element.addEventListener("drop", event => { event.preventDefault(); box().classList.remove("over"); drop(event.dataTransfer.files[0]); });
addEventListener("beforeunload", event => { if (leave) event.preventDefault(); });
