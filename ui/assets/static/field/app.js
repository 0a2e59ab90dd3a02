/* The field page: what is on the phone is shown at once, what the server says comes when it comes. */
import * as db from "./db.js";
import { h, lang, say, speak } from "./dom.js";
import { lead } from "./lead.js";
import { list } from "./list.js";
import { forget, queue, SIGN_IN } from "./queue.js";
import { device, place, room } from "./sense.js";
import { Sync } from "./sync.js";
import { form, start, told } from "./visit.js";

const TEXTS = { zh: "words/zh.json", en: "words/en.json" };

/* Whoever draws with the position is told of every new one until the next page is drawn. */
class Phone {
  constructor() { this.heard = new Set(); place.follow(() => this.heard.forEach((hear) => hear())); }
  add(hear) { this.heard.add(hear); }
  clear() { this.heard.clear(); }
}

class App {
  async open() {
    Object.assign(this, { leads: [], visits: [], photos: [], form: null, person: null, packed: null, phone: new Phone(), shown: null });
    const wished = await db.meta("lang") || (/^zh/i.test(navigator.language || "zh") ? "zh" : "en");
    speak(await (await fetch(TEXTS[wished])).json());
    this.sync = new Sync(() => this.refresh());
    this.sync.listen();
    await this.load();
    addEventListener("hashchange", () => this.draw());
    this.draw();
    if ((await db.visits()).length || this.person) room(true);
    this.behind = "SyncManager" in window;
    if ("serviceWorker" in navigator && isSecureContext) this.work();
    this.sync.soon(0);
  }

  /* The worker keeps the page; one that takes another's place has brought a new version. */
  work() {
    const before = navigator.serviceWorker.controller;
    if (before) navigator.serviceWorker.addEventListener("controllerchange", () => { this.newer = true; this.head(); });
    navigator.serviceWorker.register(this.behind ? "sw.js?sync" : "sw.js", this.behind ? { type: "module" } : {}).catch(() => {});
  }

  /* How the phone stands with the server; all is not well while something of mine was not taken. */
  get state() {
    return this.sync.state === "idle" && this.visits.some((one) => one.state === "refused" && one.person === this.person) ? "not_taken" : this.sync.state;
  }

  async load() {
    this.person = await db.meta("person") || null;
    this.form = await db.meta("form") || null;
    this.packed = this.person ? await db.meta("package:" + this.person) || null : null;
    this.leads = this.person ? (await db.leadsOf(this.person)).sort((a, b) => (a.due || "9").localeCompare(b.due || "9") || a.number.localeCompare(b.number)) : [];
    this.visits = await db.visits();
    this.photos = await db.allPhotos();
  }

  lead(id) { return this.leads.find((one) => one.id === id); }

  /* The queue or the server said something: a form in hand is never drawn anew under the fingers. */
  async refresh() {
    await this.load();
    this.head();
    if (!location.hash.startsWith("#/visit/") || !document.querySelector(".finish")) this.draw(true);
  }

  head() {
    const waiting = this.visits.filter((one) => ["queued", "refused"].includes(one.state)).length;
    document.getElementById("head").replaceChildren(h("a.brand", { href: "#/" }, h("b", {}, say("title")), h("span", {}, this.person || "")),
      h("a.queue." + this.state, { href: "#/queue", "aria-label": say("queue.title") }, h("span.dot"), say("sync.short." + this.state), waiting ? h("span.count", {}, String(waiting)) : null),
      h("button.lang", { onclick: () => this.turn(), "aria-label": say("other_language") }, lang === "zh" ? "EN" : "中"));
    const told = !isSecureContext ? [say("insecure")]
      : this.state === "sign_in" && location.hash !== "#/queue" ? [say("sync.sign_in"), h("a.button", { href: SIGN_IN }, say("queue.sign_in"))]
      : this.newer ? [say("newer"), h("button", { onclick: () => location.reload() }, say("newer.open"))] : [];
    document.getElementById("told").replaceChildren(...told);
  }

  async turn() {
    const next = lang === "zh" ? "en" : "zh";
    speak(await (await fetch(TEXTS[next])).json());
    await db.setMeta("lang", next);
    this.draw();
  }

  async draw(quiet = false) {
    const [, page, id] = location.hash.split("/");
    const visit = page === "visit" ? this.visits.find((one) => one.id === id && one.state === "draft" && one.person === this.person) : null;
    const photos = visit ? await db.photosOf(id) : [];
    const at = location.hash, focus = document.activeElement?.className, scroll = scrollY;
    this.phone.clear();
    this.head();
    const found = page === "lead" ? this.lead(id) : null;
    const nodes = visit && this.form ? form(this, this.phone, visit, this.lead(visit.lead), photos) : page === "queue" ? queue(this) : found ? lead(this, this.phone, found) : list(this, this.phone);
    const main = document.getElementById("page");
    main.replaceChildren(...nodes.flat(3).filter(Boolean));
    if (quiet && focus === "search") { const box = main.querySelector(".search"); box?.focus(); box?.setSelectionRange(box.value.length, box.value.length); }
    scrollTo(0, this.shown === at ? scroll : 0);
    this.shown = at;
  }

  async begin(one) {
    let visit = this.visits.find((other) => other.lead === one.id && other.state === "draft" && other.person === this.person);
    if (!visit) { visit = start(one, this.person); if (!await this.keep(visit, db.saveVisit)) return; this.visits.push(visit); room(true); }
    location.hash = "#/visit/" + visit.id;
  }

  async keep(visit, as = db.saveDraft) {
    try { await as(visit); return true; } catch { alert(say("photo.full", { name: visit.name })); return false; }
  }

  /* What is queued is what is sent, word for word, however often; whether it is on the disk. */
  async finish(visit) {
    const photos = await db.photosOf(visit.id), said = told(visit, photos, await device(), await db.meta("clock"));
    if (!await this.keep({ ...visit, state: "queued", told: said }, db.saveVisit)) return false;
    await this.load();
    location.hash = "#/queue";
    this.sync.wake();
    this.sync.soon(0);
    return true;
  }

  async drop(visit) {
    if (!confirm(say("visit.drop_sure"))) return false;
    await db.dropVisit(visit.id);
    await this.load();
    location.hash = "#/lead/" + visit.lead;
    return true;
  }

  async again(visit) {
    await this.keep({ ...visit, state: "queued", problem: null }, db.saveVisit);
    await this.refresh();
    this.sync.wake();
    this.sync.soon(0);
  }

  async clear() {
    if (!confirm(say("queue.clear_sure"))) return;
    await forget(this.visits.filter((one) => one.person === this.person && one.state === "sent"));
    await this.refresh();
  }

  /* Leave the phone to somebody else: what was sent and the leads go, what was not sent stays. */
  async leave() {
    const open = this.visits.filter((one) => one.person === this.person && one.state !== "sent");
    if (open.length) { alert(say("phone.unsent", { n: open.length })); return; }
    if (!confirm(say("phone.leave_sure"))) return;
    await forget(this.visits.filter((one) => one.person === this.person));
    await db.dropLeads(this.person);
    location.href = "../auth/sign-out";
  }
}

new App().open().catch((error) => { document.getElementById("page").textContent = String(error); });
