/* One candidate: chips, figures, and the answers by key. Asks; Python decides what becomes of it. */
const DIGITS = "1234567890abcdfghikl", OTHER = "other";

function make(tag, className, parent, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function picture(parent, one, kind) {
  const node = make("img", kind, parent);
  node.src = one.url;
  node.alt = one.label;
  node.draggable = false;
  return node;
}

class Panel {
  constructor(root) {
    this.root = root;
    this.body = root.querySelector(".body");
    this.acts = root.querySelector(".acts");
    this.share = 1;
    this.asking = null;
    window.addEventListener("keydown", (event) => this.typed(event), true);
    window.addEventListener("message", (event) => this.heard(event));
  }

  /* Draw anew only where something changed. */
  show(data, send) {
    this.send = send;
    const made = JSON.stringify(data);
    if (made === this.made) return;
    const same = this.data && this.data.candidate && data.candidate && this.data.candidate.id === data.candidate.id;
    /* The name was typed and Enter pressed: the keys answer from here on. */
    if (this.data && !this.data.can && data.can && document.activeElement?.tagName === "INPUT") this.root.focus({ preventScroll: true });
    this.made = made;
    this.data = data;
    this.busy = false;
    if (!same) { this.asking = null; this.share = 1; }
    this.draw();
  }

  ask(what) {
    if (this.busy) return;
    this.busy = true;
    this.root.classList.add("busy");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.busy = false; this.root.classList.remove("busy"); }, 4000);
    const one = this.data.candidate;
    this.send({ ...what, id: one ? one.id : "", seen: one ? one.seen : "", n: Date.now() });
  }

  answer(answer, reason, note) {
    if (reason === OTHER && note === undefined) { this.write(answer); return; }
    this.asking = null;
    this.ask({ do: "answer", answer, reason: reason || null, note: note || "" });
  }

  choose(answer) { this.asking = answer; this.drawActs(); }

  /* Something else: in words. */
  write(answer) {
    const { words } = this.data;
    this.acts.replaceChildren();
    const label = make("label", "question", this.acts, words.note);
    const field = make("input", "write", label);
    field.maxLength = 200;
    const row = make("div", "row small", this.acts);
    this.button(row, "", words.save_note, "Enter", () => this.answer(answer, OTHER, field.value));
    this.button(row, "", words.cancel, "Esc", () => this.choose(answer));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) this.answer(answer, OTHER, field.value);
      else if (event.key === "Escape") { this.choose(answer); this.root.focus({ preventScroll: true }); }
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    field.focus();
  }

  draw() {
    this.root.classList.remove("busy");
    const { candidate: one, words, note } = this.data;
    this.root.setAttribute("aria-label", words.label);
    this.body.replaceChildren();
    if (note) make("p", "note", this.body, note).setAttribute("role", "alert");
    if (!one) { make("p", "none", this.body, words.none); this.drawActs(); return; }
    const head = make("div", "head", this.body);
    make("b", "", head, one.title + " #" + one.id.split("-").pop());
    make("span", "state " + one.state, head, one.said || words.open);
    const chips = make("div", "chips", this.body);
    one.chips.forEach((chip) => this.chip(chips, chip));
    if (one.chips[0].before) this.slider();
    const facts = make("dl", "facts", this.body);
    one.facts.forEach(([name, value]) => { const pair = make("div", "", facts); make("dt", "", pair, name); make("dd", "", pair, value); });
    make("p", "why", this.body, one.why);
    const caveat = make("details", "caveat", this.body);
    make("summary", "", caveat, words.caveat);
    make("p", "", caveat, one.caveat);
    this.drawActs();
    const preload = this.root.querySelector(".preload");
    preload.replaceChildren(...this.data.next.map((url) => { const img = new Image(); img.src = url; return img; }));
  }

  chip(parent, chip) {
    const box = make("figure", "chip " + chip.scale, parent);
    const stack = make("div", "stack", box);
    picture(stack, chip.after, "after");
    if (chip.before) {
      const before = picture(stack, chip.before, "before");
      before.dataset.before = "1";
      make("span", "line", stack);
      make("span", "side left", stack, chip.before.label);
      make("span", "side right", stack, chip.after.label);
    } else make("span", "side right", stack, chip.after.label);
    make("figcaption", "", box, chip.label);
  }

  slider() {
    const row = make("label", "slide", this.body, "");
    make("span", "", row, this.data.words.before);
    const range = make("input", "", row);
    Object.assign(range, { type: "range", min: 0, max: 1, step: 0.01, value: this.share });
    range.setAttribute("aria-label", this.data.words.slider);
    make("span", "", row, this.data.words.after);
    range.addEventListener("input", () => { this.share = Number(range.value); this.cut(); });
    this.range = range;
    if (this.share === 1) { this.share = 0.5; range.value = 0.5; }
    this.cut();
  }

  /* The earlier picture covers the later one left of the line. */
  cut() {
    this.root.querySelectorAll("img.before").forEach((img) => { img.style.clipPath = `inset(0 ${100 - this.share * 100}% 0 0)`; });
    this.root.querySelectorAll(".line").forEach((line) => { line.style.left = this.share * 100 + "%"; });
  }

  flip() {
    if (!this.range) return;
    this.share = this.share > 0.5 ? 0 : 1;
    this.range.value = this.share;
    this.cut();
  }

  button(parent, className, text, key, act, off) {
    const node = make("button", className, parent);
    node.type = "button";
    node.disabled = Boolean(off);
    make("span", "", node, text);
    make("kbd", "", node, key);
    node.addEventListener("click", () => { this.root.focus({ preventScroll: true }); act(); });
    return node;
  }

  drawActs() {
    const { words, candidate: one, can, editing } = this.data;
    this.acts.replaceChildren();
    if (one && this.asking) { this.drawReasons(one.reasons[this.asking]); return; }
    const row = make("div", "row", this.acts);
    if (one) {
      const off = !can || editing;
      this.button(row, "yes", words.yes, "J / Y", () => this.answer("yes"), off);
      this.button(row, "no", words.no, "N", () => this.choose("no"), off);
      this.button(row, "unsure", words.unsure, "U", () => this.choose("unsure"), off);
    }
    const second = make("div", "row small", this.acts);
    if (one) this.button(second, "edit", editing ? words.edit_end : words.edit, "E", () => this.ask({ do: "edit" }), !can);
    this.button(second, "undo", words.undo, "Z", () => this.ask({ do: "undo" }), !can || editing);
    if (one) {
      this.button(second, "back", words.back, "←", () => this.ask({ do: "step", back: true }), editing);
      this.button(second, "next", words.next, "→", () => this.ask({ do: "step" }), editing);
    }
    if (!can) make("p", "hint", this.acts, words.who);
    else if (one && one.chips[0].before) make("p", "hint", this.acts, words.flip);
  }

  drawReasons(list) {
    const { words } = this.data;
    make("p", "question", this.acts, this.asking === "no" ? words.why_no : words.why_unsure);
    const box = make("div", "reasons", this.acts);
    list.slice(0, DIGITS.length).forEach(([code, text], n) => {
      this.button(box, "reason", text, DIGITS[n].toUpperCase(), () => this.answer(this.asking, code), false).dataset.code = code;
    });
    const row = make("div", "row small", this.acts);
    this.button(row, "", words.no_reason, "Enter", () => this.answer(this.asking, null));
    this.button(row, "", words.cancel, "Esc", () => this.choose(null));
  }

  typed(event) {
    if (!this.root.isConnected || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const at = event.composedPath()[0], tag = (at.tagName || "").toLowerCase();
    if (tag === "textarea" || tag === "select" || at.isContentEditable || (tag === "input" && at.type !== "range")) return;
    if (document.querySelector('[data-baseweb="popover"], [role="dialog"]')) return;
    if (tag === "button" && (event.key === "Enter" || event.key === " ")) return;
    if (tag === "input" && event.key.startsWith("Arrow")) return;
    if (at.closest?.('[role="listbox"], [role="radiogroup"], [role="tablist"]') && event.key.startsWith("Arrow")) return;
    if (!this.key(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /* Keys and outlines from the map's frame. */
  heard(event) {
    const said = event.data;
    if (!this.root.isConnected || event.origin !== window.location.origin || !said || said.yicha !== "confirm") return;
    if (said.key) this.key(said.key);
    else if (said.do) this.ask(said);
  }

  key(key) {
    if (!this.data) return false;
    const { candidate: one, can, editing } = this.data, letter = key.toLowerCase();
    if (editing && (key === "Enter" || key === "Escape" || letter === "e")) {
      const frames = [...document.querySelectorAll("iframe")];
      frames.forEach((frame) => frame.contentWindow?.postMessage({ yicha: "draw", key }, window.location.origin));
      return true;
    }
    if (one && this.asking) return this.reason(key, letter);
    const free = one && can && !editing;
    if ((letter === "j" || letter === "y") && free) this.answer("yes");
    else if (letter === "n" && free) this.choose("no");
    else if (letter === "u" && free) this.choose("unsure");
    else if (letter === "e" && one && can) this.ask({ do: "edit" });
    else if (letter === "z" && can && !editing) this.ask({ do: "undo" });
    else if (key === "ArrowRight" && one && !editing) this.ask({ do: "step" });
    else if (key === "ArrowLeft" && one && !editing) this.ask({ do: "step", back: true });
    else if (letter === "b" && one) this.flip();
    else return false;
    return true;
  }

  reason(key, letter) {
    const list = this.data.candidate.reasons[this.asking], at = DIGITS.indexOf(letter);
    if (key === "Escape") this.choose(null);
    else if (key === "Enter" || (letter === "u" && this.asking === "unsure") || (letter === "n" && this.asking === "no")) this.answer(this.asking, null);
    else if (at >= 0 && letter.length === 1 && at < list.length) this.answer(this.asking, list[at][0]);
    else return false;
    return true;
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".confirm");
  const panel = (root.yichaPanel ||= new Panel(root));
  panel.show(data, (what) => setTriggerValue("act", what));
}
