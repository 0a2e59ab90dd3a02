/* The leads taken along: what is due first, or what is near. */
import { h, local, metres, of, rose, say } from "./dom.js";
import { iso, place, way } from "./sense.js";

const PENDING = ["draft", "queued", "refused"];

export function list(app, phone) {
  const { leads, visits } = app;
  const rows = h("div.rows", { role: "list" });
  const found = h("input.search", { type: "search", placeholder: say("list.search"), "aria-label": say("list.search"), value: app.wanted || "",
    oninput: (event) => { app.wanted = event.target.value; draw(); } });
  const by = h("button.quiet", { onclick: () => { app.near = !app.near; draw(); } });
  function draw() {
    const text = (app.wanted || "").trim().toLowerCase(), at = place.last;
    let shown = leads.filter((one) => !text || [one.number, one.name, one.address, of(one.title)].join(" ").toLowerCase().includes(text));
    if (app.near && at) shown = [...shown].sort((a, b) => far(a, at) - far(b, at));
    by.textContent = say(app.near ? "list.by_due" : "list.by_way");
    rows.replaceChildren(...(app.near && !at ? [h("p.note", {}, noFix())] : []), ...shown.map((one) => row(one, at, visits)));
    if (!shown.length) rows.append(h("p.empty", {}, say(leads.length ? "list.none_found" : app.person ? "list.none" : "list.never")));
  }
  draw();
  phone.add(draw);
  return [h("div.bar", {}, found, by), app.packed ? h("p.quiet", {}, say("list.state", { n: leads.length, at: local(app.packed.at) }) + (app.packed.left ? " " + say("list.left", { n: app.packed.left }) : "")) : null, rows];
}

const far = (one, at) => (one.place ? way(at, one.place).metres : Infinity);

function row(one, at, visits) {
  const mine = visits.filter((visit) => visit.lead === one.id), waiting = mine.find((visit) => PENDING.includes(visit.state));
  const to = at && one.place ? way(at, one.place) : null;
  const seen = mine.some((visit) => visit.state === "sent") || one.visits.length;
  return h("a.row", { href: "#/lead/" + one.id, role: "listitem" },
    h("span.what", {}, of(one.title)), h("b", {}, one.name || one.number),
    h("span.where", {}, one.address || one.township || ""),
    h("span.side", {}, to ? h("span.way", {}, arrow(to.bearing) + " " + metres(to.metres)) : null,
      one.due ? h("span.due" + (late(one) ? ".late" : ""), {}, due(one)) : null,
      waiting ? h("span.tag." + waiting.state, {}, say("state." + waiting.state)) : seen ? h("span.tag.sent", {}, say("list.seen")) : null));
}

const late = (one) => one.due < iso(Date.now()).slice(0, 10);
export const due = (one) => (one.due ? say(late(one) ? "list.late" : "list.due", { day: one.due }) : "");

/* Why there is no position, in words. */
export const noFix = () => say("place." + (place.error || "waiting"));

const arrow = (bearing) => "↑↗→↘↓↙←↖"[Math.round(bearing / 45) % 8];
export const toward = (lead) => {
  if (!place.last || !lead.place) return "";
  const to = way(place.last, lead.place);
  return `${arrow(to.bearing)} ${metres(to.metres)} · ${rose(to.bearing)} ${to.bearing.toFixed(0)}°`;
};
