/* What waits, what was sent, what the server answered; room on the phone; whose data these are. */
import * as db from "./db.js";
import { bytes, h, local, of, say, when } from "./dom.js";
import { room } from "./sense.js";

export const SIGN_IN = "../auth/login?next=/field/";
const ORDER = ["refused", "draft", "queued", "sent"];

export function queue(app) {
  const mine = app.visits.filter((one) => one.person === app.person).sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.begun.localeCompare(a.begun));
  const others = app.visits.filter((one) => one.person !== app.person && one.state !== "sent");
  return [
    h("a.back", { href: "#/" }, "‹ " + say("back")), h("h1", {}, say("queue.title")),
    h("p.line." + app.state, { role: "status" }, say("sync." + app.state) + (app.sync.problem ? " · " + told(app.sync.problem) : "")),
    app.state === "sign_in" ? h("a.button.big", { href: SIGN_IN }, say("queue.sign_in")) : h("button.big", { onclick: () => app.sync.soon(0) }, say("queue.send")),
    h("p.quiet", {}, say(app.behind ? "queue.behind" : "queue.open")),
    mine.length ? mine.map((one) => item(app, one)) : h("p.empty", {}, say("queue.none")),
    others.length ? h("p.note.warn", {}, say("queue.others", { n: others.length, who: [...new Set(others.map((one) => one.person))].join(say("and")) })) : null,
    mine.some((one) => one.state === "sent") ? h("button.button", { onclick: () => app.clear() }, say("queue.clear")) : null,
    storage(), h("section.warn", {}, h("h2", {}, say("phone.title")), h("p", {}, say("phone.belongs", { who: app.person || "–" })), h("p", {}, say("phone.no_wipe")),
      app.person ? h("button.danger", { onclick: () => app.leave() }, say("phone.leave")) : null),
  ];
}

/* What the server says in both languages; what an older version kept is one text. */
const told = (text) => (typeof text === "string" ? text : of(text));

function item(app, one) {
  const photos = app.photos.filter((photo) => photo.visit === one.id), sent = photos.filter((photo) => photo.state === "sent").length;
  const all = photos.reduce((sum, photo) => sum + photo.size, 0), here = photos.reduce((sum, photo) => sum + Math.min(photo.sent, photo.size), 0);
  return h("article.item." + one.state, { "data-visit": one.id }, h("div.head", {}, h("b", {}, one.name), h("span.tag." + one.state, {}, say("state." + one.state))),
    h("p.quiet", {}, [one.number, when(one.begun), one.result ? say("result." + one.result) : ""].filter(Boolean).join(" · ")),
    one.state === "draft" ? null : h("p", {}, [say(one.words === "sent" ? "queue.words_sent" : "queue.words_wait"),
      photos.length ? say("queue.photos", { n: sent, of: photos.length, here: bytes(here), all: bytes(all) }) : ""].filter(Boolean).join(" · ")),
    photos.length && one.state === "queued" ? h("progress", { max: Math.max(all, 1), value: here, "aria-label": one.name }) : null,
    photos.length ? h("ul.parts", {}, photos.map((photo) => h("li." + photo.state, {}, h("span", {}, photo.kept), h("span", {}, say("photo." + photo.state)), h("code", {}, photo.sha256.slice(0, 12))))) : null,
    one.problem ? h("p.problem", {}, told(one.problem.text) + (one.problem.remedy ? " · " + told(one.problem.remedy) : "")) : null,
    answered(one), h("div.acts", {}, one.state === "draft" ? h("a.button", { href: "#/visit/" + one.id }, say("lead.go_on")) : null,
      one.state === "refused" ? h("button.button", { onclick: () => app.again(one) }, say("queue.again")) : null,
      one.state !== "draft" ? h("button.quiet", { onclick: () => save(one, photos) }, say("queue.save")) : null));
}

function answered(one) {
  if (!one.answer) return null;
  const changed = one.answer.meanwhile || [];
  return [
    changed.length ? h("div.note", {}, h("b", {}, say("queue.meanwhile")), h("ul", {}, changed.map((event) => h("li", {}, `${local(event.at)} ${event.actor}: ${of(event.words)}`)))) : null,
    one.answer.assignee !== one.person ? h("p.note", {}, say("queue.other_hands", { who: one.answer.assignee || say("queue.nobody") })) : null,
  ];
}

/* Everything of a visit as files of the phone: for the day when nothing else works. */
function save(one, photos) {
  const give = (blob, name) => {
    const link = h("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  give(new Blob([JSON.stringify(one.told, null, 1)], { type: "application/json" }), `visit_${one.number}_${one.id.slice(0, 8)}.json`);
  for (const photo of photos) give(photo.bytes, photo.kept);
}

function storage() {
  const line = h("p.quiet");
  const draw = (asking) => room(asking).then((one) => {
    const tight = one.used > 0.9 * one.most;
    line.className = tight ? "problem" : "quiet";
    line.textContent = say("phone.room", { used: bytes(one.used), most: bytes(one.most) }) + " " + say(tight ? "phone.tight" : one.kept ? "phone.kept" : "phone.not_kept");
  });
  draw(false);
  return h("section", {}, h("h2", {}, say("phone.storage")), line, h("button.button", { onclick: () => draw(true) }, say("phone.keep")));
}

export async function forget(visits) { for (const one of visits) await db.dropVisit(one.id); }
