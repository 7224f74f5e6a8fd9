/* Unsent: what was recorded and is not acknowledged yet, kept in this browser. Each person has a database of their own: somebody else on the same computer neither sees nor sends it. Without IndexedDB (some private windows) nothing is kept, and recording works all the same. */
const settled = request => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
class Unsent {
  constructor(base) { this.base = base; }
  static async of(whose) {
    try {
      const opening = indexedDB.open("vecu-" + whose, 1);
      opening.onupgradeneeded = () => { opening.result.createObjectStore("recordings", {keyPath: "id"}); opening.result.createObjectStore("pieces"); };
      const base = await settled(opening);
      base.onversionchange = () => base.close();
      navigator.storage?.persist?.().catch(() => null);  /* Safari clears what is not persistent after seven days away */
      return new Unsent(base);
    } catch { return new Unsent(null); }
  }
  async within(stores, mode, work) {
    if (!this.base) return undefined;
    try {
      const deal = this.base.transaction(stores, mode);
      const ended = new Promise((done, fail) => { deal.oncomplete = done; deal.onabort = deal.onerror = () => fail(deal.error); });
      const result = work(...stores.map(name => deal.objectStore(name)));
      await ended;
      return result?.result;
    } catch (error) { console.warn("not kept in this browser:", error?.name); return undefined; }  /* a full quota: the server still has it */
  }
  save(recording) { return this.within(["recordings"], "readwrite", recordings => recordings.put(recording)); }
  async add(id, at, blob) {
    const bytes = await blob.arrayBuffer();  /* Safari loses blobs that are kept as such */
    return this.within(["pieces"], "readwrite", pieces => pieces.put(bytes, [id, at]));
  }
  /* Forget the pieces that end before an offset; the next one tells where the last begins. */
  async sent(id, until) {
    const keys = await this.within(["pieces"], "readonly", pieces => pieces.getAllKeys(IDBKeyRange.bound([id, 0], [id, Infinity]))) || [];
    const ends = keys.map((_, n) => n + 1 < keys.length ? keys[n + 1][1] : null);
    const gone = keys.filter((_, n) => ends[n] !== null && ends[n] <= until);
    if (gone.length) await this.within(["pieces"], "readwrite", pieces => gone.map(key => pieces.delete(key)) && null);
  }
  async pieces(id) {
    const range = IDBKeyRange.bound([id, 0], [id, Infinity]);
    const keys = await this.within(["pieces"], "readonly", pieces => pieces.getAllKeys(range)) || [];
    const bytes = await this.within(["pieces"], "readonly", pieces => pieces.getAll(range)) || [];
    return keys.map(([, at], n) => ({at, bytes: bytes[n]}));
  }
  async all() { return await this.within(["recordings"], "readonly", recordings => recordings.getAll()) || []; }
  drop(id) {
    return this.within(["recordings", "pieces"], "readwrite", (recordings, pieces) => { recordings.delete(id); pieces.delete(IDBKeyRange.bound([id, 0], [id, Infinity])); return null; });
  }
}
/* A tab that records holds a lock of the recording's name, which ends with the tab: another tab does not offer it. */
const holdWhile = (id, done) => navigator.locks?.request("vecu-" + id, () => done).catch(() => null);
const heldElsewhere = async () => new Set(((await navigator.locks?.query?.().catch(() => null))?.held || []).map(each => each.name.replace(/^vecu-/, "")));
