/* Files on their way in: sliced, sent piece by piece, taken up again after a cut. One engine per
   browser page goes on while other pages of the app are looked at; the server knows the offsets. */
const TOGETHER = 2, SHOWN = 200;
let ADDRESS = "/imagery/uploads";  // below the path that the app lies at
const CLUTTER = /^(\..*|thumbs\.db|desktop\.ini)$/i;
const LIVE = ["waiting", "sending", "offline"];
const HOPELESS = ["name", "empty", "file_size", "unreadable"];

function batch() {
  const fresh = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  try {
    const known = localStorage.getItem("yicha.batch");
    if (known) return known;
    localStorage.setItem("yicha.batch", fresh);
  } catch { /* a browser that keeps nothing: this tab only */ }
  return fresh;
}

class Engine {
  constructor() {
    this.batch = batch();
    this.entries = [];
    this.samples = [];
    this.moved = 0;
    this.view = null;
    window.addEventListener("beforeunload", (event) => {
      if (this.entries.some((one) => LIVE.includes(one.state))) event.preventDefault();
    });
    this.refresh();
  }

  changed() { if (this.view) this.view(); }

  /* What the server has of this browser's files: finished ones, and halves to go on with. */
  async refresh() {
    const answer = await ask("GET", ADDRESS + "?batch=" + this.batch, {}, null, {});
    if (answer.status !== 200) return;
    const here = new Map(answer.told.uploads.map((one) => [one.id, one]));
    this.entries = this.entries.filter((one) => !one.id || here.has(one.id) || LIVE.includes(one.state));
    for (const one of here.values()) {
      if (this.entries.some((entry) => entry.id === one.id)) continue;
      this.entries.push({ ...one, file: null, sent: 0, error: null,
        state: one.offset === one.size ? "done" : "need" });
    }
    this.known = true;
    this.changed();
  }

  add(files) {
    for (const { file, folder } of files) {
      const name = file.name.normalize("NFC");
      if (CLUTTER.test(name)) continue;
      const same = this.entries.find((one) => one.name === name && one.folder === folder.normalize("NFC")
        && one.size === file.size && one.modified === file.lastModified && one.state !== "failed");
      if (same && same.state !== "need") continue;
      if (same) Object.assign(same, { file, state: "waiting" });
      else this.entries.push({ id: null, name, folder: folder.normalize("NFC"), size: file.size,
        modified: file.lastModified, offset: 0, sent: 0, file, state: "waiting", error: null });
    }
    this.run();
  }

  run() {
    const busy = this.entries.filter((one) => one.running).length;
    this.entries.filter((one) => one.state === "waiting" && !one.running).slice(0, Math.max(0, TOGETHER - busy))
      .forEach((one) => {
        one.running = true;
        this.send(one).finally(() => { one.running = false; one.sent = 0; this.run(); });
      });
    this.changed();
  }

  hold(one) { one.state = one.state === "paused" ? "waiting" : "paused"; one.line?.abort?.(); this.run(); }

  holdAll() {
    const live = this.entries.filter((one) => LIVE.includes(one.state));
    for (const one of live) { one.state = "paused"; one.line?.abort?.(); }
    if (!live.length) this.entries.forEach((one) => { if (one.state === "paused") one.state = "waiting"; });
    this.run();
  }

  again(one) { Object.assign(one, { state: "waiting", error: null, tries: 0 }); this.run(); }

  async remove(one) {
    one.state = "gone";
    one.line?.abort?.();
    this.entries = this.entries.filter((other) => other !== one);
    this.run();
    if (one.id) await ask("DELETE", ADDRESS + "/" + one.id, {}, null, {});
  }

  fail(one, code, facts) { if (one.state !== "gone") Object.assign(one, { state: "failed", error: { code, ...facts } }); }

  live(one) { return one.state === "sending" || one.state === "offline"; }

  async announce(one) {
    const body = JSON.stringify({ batch: this.batch, name: one.name, folder: one.folder, size: one.size, modified: one.modified });
    const answer = await ask("POST", ADDRESS, { "Content-Type": "application/json" }, body, {});
    if (answer.status === 201) Object.assign(one, { id: answer.told.id, offset: 0 });
    return answer;
  }

  async send(one) {
    one.state = "sending";
    let wait = 1;
    while (this.live(one) && (!one.id || one.offset < one.size)) {
      let answer;
      if (!one.id) answer = await this.announce(one);
      else {
        let data;
        try { data = await one.file.slice(one.offset, Math.min(one.offset + PIECE, one.size)).arrayBuffer(); }
        catch { this.fail(one, "unreadable"); break; }
        one.line = { sent: (count) => { one.sent = count; this.changed(); } };
        const headers = { "Upload-Offset": String(one.offset), "Content-Type": "application/offset+octet-stream",
          "Upload-Checksum": await checksum(data) };
        if (!this.live(one)) break;
        answer = await ask("PATCH", ADDRESS + "/" + one.id, headers, data, one.line);
        if (answer.status === 204) this.moved += answer.offset - one.offset;
      }
      one.sent = 0;
      if (!this.live(one)) break;
      wait = await this.settle(one, answer, wait);
      this.changed();
    }
    if (this.live(one)) one.state = "done";
    this.changed();
  }

  /* What to do about an answer; returns how long to wait after the next cut. */
  async settle(one, answer, wait) {
    const { status, told } = answer;
    if (status === 201 || status === 204) {
      one.state = "sending";
      if (answer.offset !== null) one.offset = answer.offset;
      one.tries = 0;
      return 1;
    }
    if (status === 409 && answer.offset !== null) one.offset = answer.offset;
    else if (status === 422 && (one.tries = (one.tries || 0) + 1) < TRIES) one.offset = answer.offset ?? one.offset;
    else if (status === 404 && one.id) Object.assign(one, { id: null, offset: 0 });
    else if (status === 429 && told.code === "busy") await pause(2);
    else if (status === 0 || (status >= 500 && !told.code)) return this.offline(one, wait);
    else this.fail(one, told.code || "other", { ...told, status });
    return wait;
  }

  /* The line is cut: wait longer each time, then ask the server how far it got. */
  async offline(one, wait) {
    one.state = "offline";
    this.changed();
    await pause(wait);
    if (one.state === "offline" && one.id) {
      const answer = await ask("HEAD", ADDRESS + "/" + one.id, {}, null, {});
      if (answer.status === 204 || answer.status === 200) Object.assign(one, { offset: answer.offset ?? one.offset, state: "sending" });
      else if (answer.status === 404) Object.assign(one, { id: null, offset: 0, state: "sending" });
    } else if (one.state === "offline") one.state = "sending";
    return Math.min(wait * 2, 30);
  }

  /* Bytes per second over the last seconds. */
  speed() {
    const now = performance.now(), at = this.moved + this.entries.reduce((sum, one) => sum + one.sent, 0);
    this.samples = this.samples.filter((one) => now - one[0] < 6000);
    this.samples.push([now, at]);
    const [first, last] = [this.samples[0], this.samples[this.samples.length - 1]];
    return last[0] - first[0] < 700 ? 0 : Math.max(0, (last[1] - first[1]) / (last[0] - first[0]) * 1000);
  }
}

/* ---- what is dropped or picked: files with the folders above them ---- */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, folder: "" }));
  const found = [];
  async function walk(entry, folder) {
    if (entry.isFile) {
      const file = await new Promise((done) => entry.file(done, () => done(null)));
      if (file) found.push({ file, folder });
      return;
    }
    const reader = entry.createReader(), inside = folder ? folder + "/" + entry.name : entry.name;
    for (;;) {
      const some = await new Promise((done) => reader.readEntries(done, () => done([])));
      if (!some.length) break;
      for (const one of some) await walk(one, inside);
    }
  }
  for (const entry of entries) await walk(entry, "");
  return found;
}

function picked(input) {
  return [...input.files].map((file) => ({ file, folder: (file.webkitRelativePath || "").split("/").slice(0, -1).join("/") }));
}

/* ---- the view ---- */
function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let n = bytes, at = 0;
  while (n >= 1000 && at < units.length - 1) { n /= 1000; at += 1; }
  return (at < 2 || n >= 100 ? n.toFixed(0) : n.toFixed(1)) + " " + units[at];
}

function fill(text, values) { return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ""); }

function make(tag, className, parent, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function button(parent, className, act) {
  const node = make("button", className, parent);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

function says(one, words) {
  if (one.state === "failed") {
    const most = one.error.most === undefined ? "" : one.error.code === "too_many" ? one.error.most : size(one.error.most);
    const said = one.error.code === "name" && one.error.said?.problem[document.documentElement.lang === "en" ? "en" : "zh"];
    return fill(words["fail_" + one.error.code] || words.fail_other, { ...one.error, why: said || one.error.why, most, free: size(one.error.free || 0) });
  }
  return words[one.state];
}

class View {
  constructor(root, engine) {
    this.root = root;
    this.engine = engine;
    this.nodes = new Map();
    const find = (name) => root.querySelector("." + name);
    [this.zone, this.list, this.total, this.bar, this.more] = ["zone", "files", "total", "whole", "more"].map(find);
    const [files, folder] = [find("pick-files"), find("pick-folder")];
    for (const input of [files, folder]) {
      input.addEventListener("change", () => { engine.add(picked(input)); input.value = ""; });
    }
    find("choose").addEventListener("click", () => files.click());
    find("choose-folder").addEventListener("click", () => folder.click());
    find("choose-folder").hidden = !("webkitdirectory" in folder) || window.matchMedia("(pointer: coarse)").matches;
    find("hold").addEventListener("click", () => engine.holdAll());
    for (const name of ["dragenter", "dragover"]) {
      this.zone.addEventListener(name, (event) => { event.preventDefault(); this.zone.classList.add("over"); });
    }
    this.zone.addEventListener("dragleave", () => this.zone.classList.remove("over"));
    this.zone.addEventListener("drop", (event) => {
      event.preventDefault();
      this.zone.classList.remove("over");
      dropped(event.dataTransfer).then((found) => engine.add(found));
    });
    setInterval(() => { if (root.isConnected && engine.entries.some((one) => LIVE.includes(one.state))) this.summary(); }, 700);
  }

  speak(words) {
    this.words = words;
    this.nodes.clear();
    this.list.replaceChildren();
    const set = (name, text) => { this.root.querySelector("." + name).textContent = text; };
    set("title", window.matchMedia("(pointer: coarse)").matches ? words.title_touch : words.title); set("hint", words.hint); set("choose", words.choose); set("choose-folder", words.choose_folder);
    this.list.setAttribute("aria-label", words.list);
    this.bar.setAttribute("aria-label", words.title);
    this.draw();
  }

  row(one) {
    const node = make("div", "file", this.list);
    node.setAttribute("role", "listitem");
    const parts = { node };
    const name = make("span", "name", node, one.name);
    name.title = one.folder ? one.folder + "/" + one.name : one.name;
    make("span", "folder", node, one.folder);
    parts.size = make("span", "size", node);
    parts.bar = make("progress", "bar", node);
    parts.bar.setAttribute("aria-label", one.name);
    parts.says = make("span", "says", node);
    const acts = make("span", "acts", node);
    parts.again = button(acts, "again", () => this.engine.again(one));
    parts.hold = button(acts, "hold-one", () => this.engine.hold(one));
    const gone = button(acts, "remove", () => this.engine.remove(one));
    gone.textContent = "✕";
    gone.title = this.words.remove;
    gone.setAttribute("aria-label", this.words.remove + " " + one.name);
    this.nodes.set(one, parts);
    return parts;
  }

  draw() {
    const order = ["failed", "sending", "offline", "need", "paused", "waiting", "done"];
    const all = [...this.engine.entries].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    const shown = new Set(all.length > SHOWN ? all.slice(0, SHOWN) : this.engine.entries);
    for (const [one, parts] of this.nodes) if (!shown.has(one)) { parts.node.remove(); this.nodes.delete(one); }
    for (const one of shown) this.update(one, this.nodes.get(one) || this.row(one));
    this.more.textContent = all.length > SHOWN ? fill(this.words.more, { n: all.length - SHOWN }) : "";
    this.summary();
  }

  update(one, parts) {
    const here = Math.min(one.offset + one.sent, one.size);
    parts.node.dataset.state = one.state;
    parts.bar.max = Math.max(one.size, 1);
    parts.bar.value = here;
    parts.size.textContent = here < one.size && here > 0 ? size(here) + " / " + size(one.size) : size(one.size);
    parts.says.textContent = says(one, this.words);
    const held = one.state === "paused";
    parts.hold.hidden = !(held || LIVE.includes(one.state));
    parts.hold.textContent = held ? "▶" : "❚❚";
    parts.hold.title = held ? this.words.go_on : this.words.hold;
    parts.hold.setAttribute("aria-label", parts.hold.title + " " + one.name);
    parts.again.hidden = one.state !== "failed" || !one.file || HOPELESS.includes(one.error.code);
    parts.again.textContent = this.words.again;
  }

  summary() {
    const all = this.engine.entries, words = this.words;
    const total = all.reduce((sum, one) => sum + one.size, 0);
    const here = all.reduce((sum, one) => sum + Math.min(one.offset + one.sent, one.size), 0);
    const done = all.filter((one) => one.state === "done").length;
    const live = all.filter((one) => LIVE.includes(one.state)), speed = this.engine.speed();
    let text = all.length ? fill(words.summary, { done, n: all.length, here: size(here), total: size(total) }) : this.engine.known ? words.nothing : "";
    if (live.length && speed > 0) {
      const left = live.reduce((sum, one) => sum + one.size - one.offset - one.sent, 0) / speed;
      text += " · " + fill(words.speed, { speed: size(speed), left: left < 90 ? fill(words.seconds, { n: Math.ceil(left) }) : fill(words.minutes, { n: Math.ceil(left / 60) }) });
    }
    if (this.total.textContent !== text) this.total.textContent = text;
    this.bar.hidden = !all.length || here === total;
    this.bar.max = Math.max(total, 1);
    this.bar.value = here;
    const hold = this.root.querySelector(".hold"), held = all.some((one) => one.state === "paused");
    hold.hidden = !live.length && !held;
    hold.textContent = live.length ? words.hold_all : words.go_on_all;
  }
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  ADDRESS = (data.base || "") + "/imagery/uploads";
  const engine = (window.yichaUploads ||= new Engine());
  const root = parentElement.querySelector(".upload");
  const view = (root.yichaView ||= new View(root, engine));
  if (root.dataset.lang !== data.lang) {
    root.dataset.lang = data.lang;
    view.speak(data.words);
  }
  /* Nothing is told twice: every telling draws the page again. */
  if (engine.root !== root) Object.assign(engine, { root, told: JSON.stringify(data.known) });
  if (engine.taken !== undefined && engine.taken !== data.taken) engine.refresh();
  engine.taken = data.taken;
  const report = () => {
    const ready = engine.entries.filter((one) => one.state === "done").map((one) => [one.id, one.size]);
    const said = { files: ready, coming: engine.entries.some((one) => LIVE.includes(one.state)) };
    const text = JSON.stringify(said);
    if (!engine.known || engine.told === text || !root.isConnected) return;
    engine.told = text;
    setStateValue("ready", said);
  };
  let soon = null;
  engine.view = () => {
    view.draw();
    clearTimeout(soon);
    soon = setTimeout(report, 350);
  };
  engine.view();
  document.cookie = "yicha_lang=" + data.lang + "; path=" + (location.pathname.replace(/\/[^/]*$/, "") || "/") + "; max-age=31536000; SameSite=Lax";
  document.documentElement.lang = data.lang === "en" ? "en" : "zh-CN";
}
