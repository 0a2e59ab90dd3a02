/* One file dropped: sent in pieces to the disk, gone on with after a cut line or a closed tab; the page
   hears where it lies. Of the file no more than one piece is held in memory. */
const KEPT = "yicha.drop";

function remembered(file) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    return kept.name === file.name && kept.size === file.size && kept.modified === file.lastModified ? kept.id : null;
  } catch { return null; }
}

function remember(file, id) {
  try {
    if (id) localStorage.setItem(KEPT, JSON.stringify({ id, name: file.name, size: file.size, modified: file.lastModified }));
    else localStorage.removeItem(KEPT);
  } catch { /* a browser that keeps nothing */ }
}

/* The whole file, piece by piece; what the server says last: 201 once it has all of it. */
async function deliver(file, address, go) {
  let id = remembered(file), offset = 0, wait = 1, tries = 0, answer;
  if (id) {
    answer = await ask("HEAD", address + "/" + id, {}, null);
    if (answer.offset === null) id = null; else offset = answer.offset;
  }
  while (!go.stopped) {
    if (id && offset >= file.size) return { id, status: 201 };
    if (!id) {
      const batch = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
      const body = JSON.stringify({ batch, name: file.name.normalize("NFC"), size: file.size, modified: file.lastModified });
      answer = await ask("POST", address, { "Content-Type": "application/json" }, body);
    } else {
      const data = await file.slice(offset, Math.min(offset + PIECE, file.size)).arrayBuffer();
      const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream", "Upload-Checksum": await checksum(data) };
      if (go.stopped) break;
      go.sent = (count) => go.shown(offset + count);
      answer = await ask("PATCH", address + "/" + id, headers, data, go);
    }
    if (go.stopped) break;
    const { status, told } = answer;
    if (status === 201) remember(file, id = told.id);
    if (status === 201 || status === 204) { offset = answer.offset ?? 0; wait = 1; tries = 0; go.shown(offset); }
    else if (status === 409 && answer.offset !== null) offset = answer.offset;
    else if (status === 422 && ++tries < TRIES) offset = answer.offset ?? offset;
    else if (status === 404 && id) { id = null; offset = 0; }
    else if (status === 429 && told.code === "busy") await pause(2);
    else if (status === 0 || (status >= 500 && !told.code)) {
      go.offline();
      await pause(wait);
      wait = Math.min(wait * 2, 30);
      if (id) answer = await ask("HEAD", address + "/" + id, {}, null);
      if (id && answer.offset !== null) offset = answer.offset;
    } else return { ...answer, id };
  }
  remember(file, null);
  if (id) await ask("DELETE", address + "/" + id, {}, null);
  return { status: 0, stopped: true };
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".drop"), words = data.words, one = (name) => root.querySelector(name);
  const [choose, stop, input, bar, said] = [".choose", ".stop", "input", "progress", ".said"].map(one);
  input.accept = data.accept;
  one(".title").textContent = words.title;
  one(".hint").textContent = words.hint;
  choose.textContent = words.choose;
  stop.textContent = words.stop;
  root.came = (box, name) => setTriggerValue("came", { box, name });

  async function send(file) {
    if (!file || root.dataset.busy) return;
    root.dataset.busy = "1";
    stop.hidden = bar.hidden = false;
    bar.max = Math.max(file.size, 1);
    const go = { stopped: false };
    go.shown = (bytes) => {
      bar.value = bytes;
      said.textContent = fill(words.sending, { name: file.name, done: megabytes(bytes), total: megabytes(file.size) });
    };
    go.offline = () => { said.textContent = words.offline; };
    stop.onclick = () => { go.stopped = true; go.abort?.(); };
    go.shown(0);
    const { status, id, told = {}, stopped } = await deliver(file, data.address, go);
    delete root.dataset.busy;
    stop.hidden = bar.hidden = true;
    input.value = "";
    if (status === 201) {
      remember(file, null);
      said.textContent = "";
      root.came(id, file.name);
    } else if (stopped) said.textContent = words.stopped;
    else said.textContent = words.failed + " " + (data.fails[told.code] ? fill(data.fails[told.code], { ...told, most: megabytes(told.most || 0) + " MB", free: megabytes(told.free || 0) + " MB" }) : told.problem || status);
  }

  choose.onclick = () => input.click();
  input.onchange = () => send(input.files[0]);
  root.ondragover = (event) => { event.preventDefault(); root.classList.add("over"); };
  root.ondragleave = () => root.classList.remove("over");
  root.ondrop = (event) => {
    event.preventDefault();
    root.classList.remove("over");
    send(event.dataTransfer.files[0]);
  };
}
