/* The form of a visit, drawn from data. Every change is on the disk before it counts. */
import * as db from "./db.js";
import { bytes, h, metre, metres, of, say, when } from "./dom.js";
import { noFix } from "./list.js";
import { fresh, iso, place, sha256 } from "./sense.js";

const RESULTS = ["still_there", "gone", "cannot_tell"];

export function start(lead, person) {
  return { id: fresh(), lead: lead.id, person, number: lead.number, name: lead.name || lead.number, version: lead.version, state: "draft",
    begun: iso(Date.now()), result: null, look: lead.look.length > 0, tests: [], fields: {}, steps: {}, measured: [], captions: {} };
}

/* Draws the form of a draft; `keep` writes it, `finish` puts it into the queue. */
export function form(app, phone, visit, lead, photos) {
  let closed = false, dirty = false, writing = false;
  /* Written at once; what changes while a write is under way goes with the next one. */
  const later = async () => {
    dirty = true;
    if (writing) return;
    writing = true;
    while (dirty && !closed) { dirty = false; await app.keep(visit); }
    writing = false;
  };
  const tests = h("div.tests"), problem = h("p.problem", { role: "alert" });
  const set = (change) => { change(); problem.textContent = ""; later(); };
  const draw = () => tests.replaceChildren(...look(app, visit, set, draw));
  draw();
  const best = () => {  // the best reading while the form is open is the visit's
    const now = place.told();
    if (now && (!visit.position || now.accuracy_m < visit.position.accuracy_m)) { visit.position = now; later(); }
  };
  best();
  phone.add(best);
  const finish = async () => {
    const wrong = !visit.result ? "visit.need_result" : visit.look && visit.result === "still_there" && !visit.tests.length ? "visit.need_test"
      : visit.measured.some((one) => !!one.what.trim() !== (one.value !== null)) ? "visit.need_value" : null;
    problem.textContent = wrong ? say(wrong) : "";
    if (wrong || closed) return;
    closed = true;
    if (!await app.finish(visit)) closed = false;
  };
  return [
    h("a.back", { href: "#/lead/" + visit.lead }, "‹ " + visit.name), h("h1", {}, say("visit.title")),
    h("p.quiet", {}, say("visit.kept")), position(phone),
    h("fieldset.result", {}, h("legend", {}, say("visit.result")), RESULTS.map((code) => h("label.choice", {},
      h("input", { type: "radio", name: "result", value: code, checked: visit.result === code, onchange: () => { set(() => { visit.result = code; }); draw(); } }), h("span", {}, say("result." + code))))),
    tests, pictures(app, visit, photos, set), steps(app, visit, lead, set), measured(visit, set, later),
    app.form.fields.map((one) => entry(one, visit, set)), problem,
    h("button.big.finish", { onclick: finish }, say("visit.finish")), h("p.quiet", {}, say("visit.finish_note")),
    h("button.danger", { onclick: async () => { closed = true; if (!await app.drop(visit)) closed = false; } }, say("visit.drop")),
  ];
}

function look(app, visit, set, draw) {
  if (!app.lead(visit.lead)?.look.length) return [];
  const rows = [h("label.check", {}, h("input", { type: "checkbox", checked: visit.look, onchange: (event) => { set(() => { visit.look = event.target.checked; if (!visit.look) visit.tests = []; }); draw(); } }), h("span", {}, say("visit.look")))];
  if (visit.result !== "still_there") visit.tests = [];
  if (visit.look && visit.result === "still_there") {
    rows.push(h("fieldset", {}, h("legend", {}, say("visit.tests")), Object.entries(app.form.tests).map(([code, text]) => h("label.check", {},
      h("input", { type: "checkbox", checked: visit.tests.includes(code), onchange: (event) => set(() => { visit.tests = visit.tests.filter((one) => one !== code).concat(event.target.checked ? [code] : []); }) }), h("span", {}, of(text))))));
  }
  return rows;
}

export function position(phone) {
  const line = h("p.position", { role: "status" });
  const draw = () => {
    const one = place.last;
    line.className = "position" + (one ? one.accuracy > 50 ? " poor" : " good" : " none");
    line.textContent = one ? say("place.is", { lat: one.lat.toFixed(6), lon: one.lon.toFixed(6), u: one.accuracy.toFixed(0) }) +
      (place.same > 20 ? " " + say("place.still") : "") : noFix();
  };
  draw();
  phone.add(draw);
  return line;
}

function pictures(app, visit, photos, set) {
  const row = h("div.photos"), told = h("p.problem", { role: "alert" });
  const draw = () => row.replaceChildren(...photos.map((one) => card(app, visit, one, set, async () => { await db.dropPhoto(one.id); photos.splice(photos.indexOf(one), 1); draw(); })));
  const take = async (files, source) => {
    told.textContent = "";
    for (const file of files) {
      try {
        const one = await photo(visit, file, source);
        if (photos.some((other) => other.id === one.id)) { told.textContent = say("photo.twice", { name: file.name }); continue; }
        await db.savePhoto(one);
        photos.push(one);
        draw();
      } catch (error) { told.textContent = say(error?.name === "QuotaExceededError" ? "photo.full" : "photo.failed", { name: file.name }); }
    }
  };
  const input = (source, more) => h("input", { type: "file", accept: "image/*,.heic,.heif,.dng", "aria-hidden": "true", tabindex: "-1", "data-source": source, ...more,
    onchange: async (event) => { const files = [...event.target.files]; event.target.value = ""; await take(files, source); } });
  const camera = input("camera", { capture: "environment" }), chosen = input("file", { multiple: true });
  draw();
  return h("section.pictures", {}, h("h2", {}, say("photo.title")), h("div.acts", {}, camera, chosen,
    h("button.big", { onclick: () => camera.click() }, say("photo.take")), h("button.button", { onclick: () => chosen.click() }, say("photo.choose"))), told, row, h("p.quiet", {}, say("photo.note")));
}

/* The file's bytes as they are, with their hash, and what the phone knows at this moment. */
async function photo(visit, file, source) {
  const buffer = await file.arrayBuffer(), now = Date.now();
  if (!buffer.byteLength) throw new Error("empty");
  const digest = await sha256(buffer), suffix = /\.\w{1,5}$/.exec(file.name)?.[0] || ".jpg";
  const kept = `${iso(now).slice(0, 19).replace(/[-:]/g, "").replace("T", "_")}_${digest.slice(0, 12)}${suffix}`;
  return { id: visit.id + ":" + digest, visit: visit.id, sha256: digest, bytes: new Blob([buffer], { type: file.type }), name: file.name.normalize("NFC").slice(0, 200), kept,
    type: file.type, size: buffer.byteLength, source, captured: iso(now), changed: file.lastModified || now, position: place.told(), state: "waiting", sent: 0, upload: null };
}

const seen = new Map();
function card(app, visit, one, set, drop) {
  if (!seen.has(one.id)) seen.set(one.id, URL.createObjectURL(one.bytes));
  const at = one.position;
  return h("figure.photo", {}, h("img", { src: seen.get(one.id), alt: one.name, loading: "lazy", onerror: (event) => event.target.replaceWith(h("p.blank", {}, say("photo.no_preview", { name: one.name }))) }),
    h("figcaption", {}, h("span", {}, `${when(one.captured)} · ${bytes(one.size)}`), h("span", {}, at ? `${at.lat.toFixed(6)}, ${at.lon.toFixed(6)} ±${metres(at.accuracy_m)}` : say("photo.no_position")),
      h("code", { title: one.sha256 }, "SHA-256 " + one.sha256.slice(0, 16) + "…"),
      h("input", { placeholder: say("photo.caption"), "aria-label": say("photo.caption"), maxlength: 500, value: visit.captions[one.sha256] || "", oninput: (event) => set(() => { visit.captions[one.sha256] = event.target.value; }) }),
      h("button.quiet", { onclick: () => confirm(say("photo.drop_sure")) && drop() }, say("photo.drop"))));
}

function steps(app, visit, lead, set) {
  if (!lead?.verify.length) return null;
  return h("section", {}, h("h2", {}, say("lead.verify")), lead.verify.map((text, at) => {
    const known = visit.steps[at] ||= { step: text.zh, done: "", note: "" };
    return h("fieldset.step", {}, h("legend", {}, of(text)), h("div.acts", {}, Object.entries(app.form.steps).map(([code, word]) => h("label.choice", {},
      h("input", { type: "radio", name: "step" + at, value: code, checked: known.done === code, onchange: () => set(() => { known.done = code; }) }), h("span", {}, of(word))))),
      h("input", { placeholder: say("visit.step_note"), "aria-label": say("visit.step_note"), maxlength: 2000, value: known.note, oninput: (event) => set(() => { known.note = event.target.value; }) }));
  }));
}

function measured(visit, set, later) {
  const rows = h("div.measured");
  const line = (one) => {
    const text = (name) => h("input", { placeholder: say("measured." + name), "aria-label": say("measured." + name), maxlength: 300, value: one[name], oninput: (event) => set(() => { one[name] = event.target.value; }) });
    const number = h("input", { type: "number", step: "any", inputmode: "decimal", placeholder: say("measured.value"), "aria-label": say("measured.value"), value: one.value ?? "",
      oninput: (event) => set(() => { one.value = event.target.value === "" ? null : Number(event.target.value); }) });
    return h("div.line", {}, text("what"), number, text("unit"), text("instrument"),
      h("button.quiet", { "aria-label": say("measured.drop"), onclick: () => { visit.measured.splice(visit.measured.indexOf(one), 1); later(); draw(); } }, "✕"));
  };
  const draw = () => rows.replaceChildren(...visit.measured.map(line));
  draw();
  return h("section", {}, h("h2", {}, say("measured.title")), rows, h("button.button", { onclick: () => { visit.measured.push({ what: "", value: null, unit: metre(), instrument: "" }); later(); draw(); } }, say("measured.add")));
}

function entry(one, visit, set) {
  const name = "f_" + one.name, put = (event) => set(() => { visit.fields[one.name] = event.target.value; }), value = visit.fields[one.name] || "";
  const widget = one.kind === "choice" ? h("select", { id: name, onchange: put }, h("option", { value: "" }, "–"), Object.entries(one.choices).map(([code, text]) => h("option", { value: code, selected: code === value }, of(text))))
    : one.kind === "text" ? h("input", { id: name, value, maxlength: 300, oninput: put }) : h("textarea", { id: name, rows: one.kind === "people" ? 2 : 4, maxlength: 4000, oninput: put, value });
  return h("div.entry", {}, h("label", { for: name }, of(one)), widget);
}

/* What is sent: the same words every time, however often it is sent. */
export function told(visit, photos, device, clock) {
  return {
    id: visit.id, seen_version: visit.version, result: visit.result, look: visit.look, tests: visit.tests, begun: visit.begun, ended: iso(Date.now()),
    fields: Object.fromEntries(Object.entries(visit.fields).filter(([, value]) => value.trim())), steps: Object.values(visit.steps).filter((one) => one.done),
    measured: visit.measured.filter((one) => one.value !== null), position: visit.position || null, device, clock: clock || {},
    photos: photos.map((one) => ({ sha256: one.sha256, name: one.kept, size: one.size, type: one.type, source: one.source, captured: one.captured, modified: iso(one.changed), caption: visit.captions[one.sha256] || "", position: one.position })),
  };
}
