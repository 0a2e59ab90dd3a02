/* One lead: why it is one, how to check it on site, where it is, what was seen before. */
import { h, local, of, say } from "./dom.js";
import { due, noFix, toward } from "./list.js";
import { sketch } from "./sketch.js";

export function lead(app, phone, one) {
  const mine = app.visits.filter((visit) => visit.lead === one.id);
  const open = mine.find((visit) => visit.state === "draft");
  const to = h("p.toward", { role: "status" });
  const follow = () => { to.textContent = one.place ? toward(one) || noFix() : say("lead.no_place"); };
  follow();
  phone.add(follow);
  const at = one.place ? `${one.place.lat.toFixed(6)},${one.place.lon.toFixed(6)}` : "";
  return [
    h("a.back", { href: "#/" }, "‹ " + say("back")),
    h("p.what", {}, of(one.title) + " · " + of(one.verdict)), h("h1", {}, one.name || one.number),
    h("p.where", {}, [one.address, one.township].filter(Boolean).join(" · ")),
    h("p.quiet", {}, [one.number, of(one.state), due(one)].filter(Boolean).join(" · ")),
    one.look.length ? h("p.note", {}, say("lead.look", { day: one.look[0] })) : null,
    h("button.big", { onclick: () => app.begin(one) }, say(open ? "lead.go_on" : "lead.begin")),
    part("lead.verify", one.verify), part("lead.pitfalls", one.pitfalls, "warn"),
    h("section", {}, h("h2", {}, say("lead.place")), to, one.sketch.length ? sketch(one, phone) : null,
      one.place ? h("p.acts", {}, h("a.button", { href: `geo:${at}?q=${at}` }, say("lead.open_map")), h("span.quiet", {}, say("lead.wgs84", { at }))) : null),
    part("lead.why", one.reasons), earlier(one, mine),
  ];
}

function part(title, texts, kind = "") {
  if (!texts.length) return null;
  return h("section" + (kind ? "." + kind : ""), {}, h("h2", {}, say(title)), h("ul", {}, texts.map((text) => h("li", {}, of(text)))));
}

function earlier(one, mine) {
  const known = new Set(mine.map((visit) => visit.id));
  const rows = [
    ...one.visits.filter((visit) => !known.has(visit.visit)).map((visit) => h("li", {}, `${local(visit.at)} ${visit.by}: ${say("result." + visit.result)}` +
      (visit.note ? " · " + visit.note : "") + (visit.photos ? " · " + say("lead.photos", { n: visit.photos }) : ""))),
    ...mine.map((visit) => h("li", {}, h("a", { href: visit.state === "draft" ? "#/visit/" + visit.id : "#/queue" }, say("state." + visit.state)), " · " + visit.begun.slice(0, 16).replace("T", " "))),
  ];
  return rows.length ? h("section", {}, h("h2", {}, say("lead.earlier")), h("ul", {}, rows)) : null;
}
