/* tus 1.0.0: bytes go to the server in order, and after anything at all the server says from where to go on. */
const PIECE = 4 * 1024 * 1024, PATIENCE_MS = 60000, PAUSE_MS = 1500, FULL_TRIES = 3;
const wait = ms => new Promise(done => { const timer = setTimeout(done, ms); addEventListener("online", () => { clearTimeout(timer); done(); }, {once: true}); });
const call = async (method, path, {body, headers, patience = PATIENCE_MS} = {}) => {
  const answer = await fetch("/upload" + path, {method, body, headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout?.(patience)});
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  const sentence = said.sentence || said.detail?.sentence;
  throw Object.assign(new Error(sentence || String(answer.status)), {status: answer.status, sentence});
};
const tell = async (path, what) => (await call("POST", path, {body: JSON.stringify(what), headers: {"Content-Type": "application/json"}})).json();
const TUS = {"Tus-Resumable": "1.0.0"};
const tus = {
  begin: async (length, mark, type, patience) => {
    const said = {mark, filetype: type};
    const metadata = Object.keys(said).filter(key => said[key]).map(key => key + " " + btoa(said[key])).join(",");
    const announced = length === null ? {"Upload-Defer-Length": "1"} : {"Upload-Length": String(length)};
    const answer = await call("POST", "", {headers: {...TUS, ...announced, ...(metadata && {"Upload-Metadata": metadata})}, patience});
    return answer.headers.get("Location").split("/").pop();
  },
  reached: async id => Number((await call("HEAD", "/" + id, {headers: TUS})).headers.get("Upload-Offset")),
  add: async (id, at, blob, length) => Number((await call("PATCH", "/" + id, {body: blob, headers: {
    ...TUS, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream", ...(length !== null && {"Upload-Length": String(length)})}})).headers.get("Upload-Offset")),
  drop: id => call("DELETE", "/" + id, {headers: TUS}),
};
const lasting = error => error.status >= 400 && error.status < 500 && ![408, 409, 429].includes(error.status);

/* One file or recording on its way: `parts` hold its bytes from `base` on, `total` grows until it is `closed`. */
class Sending {
  constructor(recording, store, stranger) {
    Object.assign(this, {recording, store, stranger, parts: [], base: 0, arrived: 0, total: 0, closed: false, unsure: true, failure: null, late: null, full: 0, dropped: false, keeping: Promise.resolve()});
    this.held = holdWhile(recording.id, new Promise(done => { this.letGo = done; }));
  }
  /* Add bytes; they are in this browser's keeping before the server has them. */
  add(blob) {
    if (!blob.size) return;
    const at = this.total;
    this.parts.push(blob);
    this.total += blob.size;
    this.keeping = this.keeping.then(() => this.store.add(this.recording.id, at, blob)).then(() => this.tidy());
  }
  /* Announce it, once we know that who is signed in now is who began it. */
  async begin(length = null, patience = PATIENCE_MS) {
    const now = await (await call("GET", "", {patience})).json();
    this.recording.whose ||= now.whose;
    if (now.whose !== this.recording.whose) throw Object.assign(new Error(), {status: 401, sentence: this.stranger});
    this.recording.upload = await tus.begin(length, this.recording.mark || "", this.recording.type, patience);
    this.unsure = false;
    await this.note();
  }
  note() { return this.recording.kept ? this.store.save(this.recording) : undefined; }
  tidy() { return this.recording.kept && !this.dropped ? this.store.sent(this.recording.id, this.arrived) : undefined; }
  run(changed = () => null) { this.changed = changed; this.done ||= this.loop(); return this.done; }
  async loop() {
    while (!this.dropped && !this.failure && !(this.closed && this.recording.upload && !this.unsure && this.arrived >= this.total)) {
      if (!this.unsure && this.arrived >= this.total) { await new Promise(done => setTimeout(done, 100)); continue; }
      try { await this.step(); this.late = null; this.full = 0; } catch (error) { await this.stumble(error); }
      this.changed(this);
    }
  }
  async step() {
    if (!this.recording.upload) await this.begin(this.recording.length ?? null);
    if (this.unsure) { this.arrived = await tus.reached(this.recording.upload); this.unsure = false; }
    if (this.arrived < this.base) throw Object.assign(new Error(), {status: 410});
    const piece = this.piece(), end = this.arrived + piece.size;
    if (!piece.size) return;
    this.arrived = await tus.add(this.recording.upload, this.arrived, piece, this.closed && end === this.total && this.recording.length === undefined ? end : null);
    if (this.arrived < end) this.unsure = true;
    this.keeping = this.keeping.then(() => this.tidy());
  }
  piece() { return new Blob(this.parts).slice(this.arrived - this.base, this.arrived - this.base + PIECE); }
  async stumble(error) {
    this.unsure = Boolean(this.recording.upload);
    if (lasting(error) || (error.status === 507 && this.closed && ++this.full >= FULL_TRIES) || await this.changedMeanwhile()) { this.failure = error; return; }
    if (error.status === 409) return;
    this.late = error;
    this.changed(this);
    await wait(PAUSE_MS);
  }
  /* A file that was altered after it was chosen cannot be read any more, and never will be. */
  async changedMeanwhile() {
    try { await this.piece().slice(0, 1).arrayBuffer(); return false; } catch { return true; }
  }
  /* Give it up: the server's copy and this browser's; without a line the next visit does the rest. */
  async drop() {
    this.dropped = true;
    await this.done;
    await this.keeping;
    await erase(this.recording, this.store);
    this.letGo();
  }
}
const erase = async (recording, store) => {
  try {
    if (recording.upload) await tus.drop(recording.upload);
    await store.drop(recording.id);
  } catch (error) {
    if (lasting(error)) return store.drop(recording.id);
    await store.save({...recording, erase: true});
  }
};
/* What makes this file this file: its size, its last change and, where the browser lets us, its first mebibyte. */
const markOf = async file => {
  const head = crypto.subtle ? await crypto.subtle.digest("SHA-256", await file.slice(0, 1 << 20).arrayBuffer()) : new ArrayBuffer(0);
  const hex = [...new Uint8Array(head)].map(byte => byte.toString(16).padStart(2, "0")).join("");
  return [file.size, file.lastModified, hex].join("-");
};
