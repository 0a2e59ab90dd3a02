/* Sends what is queued, one after the other: a visit's words first, then each photo in pieces, taken up
   where the server's bytes end. Only the server's answer makes something "sent". The page runs it while it
   is open; where the browser can, the service worker runs it when the network is back. */
import * as db from "./db.js";
import { fresh, iso, sha256 } from "./sense.js";

const PIECE = 512 * 1024, UPLOADS = "../imagery/uploads", API = "api";
export const TAG = "yicha-field";
const PATIENCE_MS = 90000, SOONEST_S = 2, LATEST_S = 60;

class Cut extends Error {}
class Told extends Error {
  constructor(status, body) { super(body.problem || String(status)); Object.assign(this, { status, body }); }
}

/* One request; `Cut` where the line or the server fails for now, `Told` where it says no. */
async function ask(method, address, { body, headers = {}, clock = null } = {}) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE_MS), began = Date.now();
  let answer, text;
  try {
    answer = await fetch(address, { method, body, headers, signal: stop.signal, cache: "no-store", credentials: "same-origin", redirect: "manual" });
    text = await answer.text();
  } catch { throw new Cut("line"); } finally { clearTimeout(timer); }
  if (answer.type === "opaqueredirect") throw new Told(401, {});  // sent to the door: nobody is signed in
  let told = {};
  try { told = JSON.parse(text || "{}"); } catch { if (answer.ok) throw new Cut("proxy"); }
  if (clock) clock(answer.headers.get("Date"), began, Date.now());
  const offset = answer.headers.get("Upload-Offset");
  if (offset !== null) told.offset = Number(offset);
  if (answer.ok) return { status: answer.status, told };
  if (answer.status >= 500 && answer.status !== 507 || answer.status === 408 || answer.status === 429) throw new Cut(String(answer.status));
  throw new Told(answer.status, told);
}

const asJson = (value) => ({ body: JSON.stringify(value), headers: { "Content-Type": "application/json" } });

export class Sync {
  /* `changed` is called whenever something of the queue is another than before. */
  constructor(changed) {
    Object.assign(this, { changed, state: "idle", wait: SOONEST_S, timer: null, running: false, again: false, person: null, problem: "" });
  }

  /* As a page: sends whenever it is looked at, the network returns, or the worker has sent something. */
  listen() {
    addEventListener("online", () => this.soon(0));
    addEventListener("offline", () => this.say("offline"));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.soon(0); });
    navigator.serviceWorker?.addEventListener("message", () => this.changed());
  }

  /* Ask the browser to wake the worker when there is a network, whether the page is open then or not. */
  async wake() {
    try { await (await navigator.serviceWorker?.ready)?.sync?.register(TAG); } catch { /* the page sends when it is opened */ }
  }

  /* As the worker: all that waits, once; what the line fails at is thrown, so that the browser tries again. */
  async once() {
    try { await this.alone(() => this.all()); } catch (error) { if (!(error instanceof Told)) throw error; }
  }

  /* One of all pages and the worker sends; whoever comes second leaves it to the first. */
  alone(act) {
    return navigator.locks ? navigator.locks.request("yicha-field-sync", { ifAvailable: true }, (lock) => lock && act()) : act();
  }

  say(state, problem = "") { this.state = state; this.problem = problem; this.changed(); }

  soon(seconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), seconds * 1000);
  }

  /* Fetch what is new, send what waits; tries again by itself, later each time. */
  async run() {
    if (this.running) { this.again = true; return; }
    this.running = true;
    try {
      await this.alone(() => this.all());
      this.wait = SOONEST_S;
      this.soon(LATEST_S);
    } catch (error) {
      this.failed(error);
    } finally {
      this.running = false;
      if (this.again) { this.again = false; this.soon(0); }
    }
  }

  failed(error) {
    if (error instanceof Told && error.status === 401) { this.say("sign_in"); this.soon(LATEST_S); return; }
    if (error instanceof Told) { this.say("refused", error.body.said?.problem || error.message); this.soon(LATEST_S); return; }
    if (error instanceof Cut) { this.say("offline"); this.wake(); }
    else if (error?.name === "QuotaExceededError") this.say("full");
    else this.say("broken", String(error));
    this.soon(this.wait);
    this.wait = Math.min(this.wait * 2, LATEST_S);
  }

  async all() {
    this.say("working");
    const { told } = await ask("GET", API + "/package", { clock: (date, began, ended) => this.compare(date, began, ended) });
    this.person = told.person;
    await db.keepPackage(told);
    this.changed();
    for (const one of (await db.visits()).filter((visit) => visit.state === "queued" && visit.person === this.person)) await this.send(one.id);
    this.say("idle");
  }

  /* How far the phone's clock is ahead of the server's: its header names whole seconds. */
  compare(date, began, ended) {
    const server = Date.parse(date || "");
    if (Number.isNaN(server)) return;
    const middle = (began + ended) / 2;
    db.setMeta("clock", { offset_s: Math.round((middle - server - 500) / 100) / 10, checked: iso(ended), u_s: Math.round((ended - began) / 100 + 5) / 10 });
  }

  async send(id) {
    let visit = await db.visit(id);
    try {
      const { told } = await ask("POST", `${API}/leads/${visit.lead}/visits`, asJson(visit.told));
      visit = { ...visit, words: "sent", problem: null, answer: { at: iso(Date.now()), meanwhile: told.meanwhile, assignee: told.assignee, number: told.number } };
      await db.saveVisit(visit);
      this.changed();
      const wanted = new Set(told.wanted);
      for (const photo of await db.photosOf(id)) {
        if (wanted.has(photo.sha256)) await this.photo(visit, photo);
        else if (photo.state !== "sent") await db.savePhoto({ ...photo, state: "sent", sent: photo.size });
        this.changed();
      }
      await db.saveVisit({ ...visit, state: "sent", sent: iso(Date.now()) });
      this.changed();
    } catch (error) {
      if (!(error instanceof Told) || error.status === 401) throw error;
      await db.saveVisit({ ...visit, state: "refused", problem: { status: error.status, text: error.body.said?.problem || error.message, remedy: error.body.said?.remedy || error.body.remedy || "" } });
      this.changed();
    }
  }

  /* A photo in pieces: announced once, gone on with at the offset told, then claimed by its visit. */
  async photo(visit, known) {
    let photo = known;
    const keep = async (more) => { photo = { ...photo, ...more }; await db.savePhoto(photo); this.changed(); };
    for (let turn = 0; ; turn += 1) {
      if (turn > 20) throw new Cut("turns");
      if (!photo.upload) await this.announce(photo, keep);
      try {
        await this.pieces(photo, keep);
        await ask("PUT", `${API}/leads/${visit.lead}/visits/${visit.id}/photos/${photo.sha256}`, asJson({ upload: photo.upload }));
        await keep({ state: "sent", sent: photo.size });
        return;
      } catch (error) {
        if (!(error instanceof Told) || ![404, 409, 422].includes(error.status)) throw error;
        if (error.body.code === "refused" && error.body.field !== "sha256") throw error;
        if (error.body.offset === undefined || error.body.code === "whole_hash") await keep({ upload: null, sent: 0 });
        else await keep({ sent: error.body.offset });
      }
    }
  }

  async announce(photo, keep) {
    let batch = await db.meta("batch");
    if (!batch) await db.setMeta("batch", batch = fresh());
    const { told } = await ask("POST", UPLOADS, asJson({ batch, name: photo.kept, folder: "", size: photo.size, modified: photo.changed, sha256: photo.sha256 }));
    await keep({ upload: told.id, sent: 0, state: "sending" });
  }

  async pieces(photo, keep) {
    const { told } = await ask("HEAD", `${UPLOADS}/${photo.upload}`);
    let at = told.offset;
    while (at < photo.size) {
      const piece = await photo.bytes.slice(at, Math.min(at + PIECE, photo.size)).arrayBuffer();
      const headers = { "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream", "Upload-Checksum": "sha256 " + await sha256(piece) };
      const { told: next } = await ask("PATCH", `${UPLOADS}/${photo.upload}`, { body: piece, headers });
      at = next.offset;
      await keep({ sent: at, state: "sending" });
    }
  }
}
