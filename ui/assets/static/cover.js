/* Areas drawn on the copy of a picture: drag for a box, or click corners and close the polygon.
   Told as shares of width and height, so that it does not matter how large the picture is shown. */
const NS = "http://www.w3.org/2000/svg";

function make(name, parent, more) {
  const one = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(more || {})) one.setAttribute(key, value);
  parent.appendChild(one);
  return one;
}

class Board {
  constructor(root) {
    this.root = root;
    root.innerHTML = '<div class="bar"></div><div class="sheet"><img alt="" draggable="false"><svg viewBox="0 0 1 1" preserveAspectRatio="none"></svg></div>';
    this.bar = root.querySelector(".bar");
    this.image = root.querySelector("img");
    this.svg = root.querySelector("svg");
    this.shapes = [];
    this.corners = [];
    this.tool = "box";
    this.svg.addEventListener("pointerdown", (event) => this.down(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    this.svg.addEventListener("pointerup", (event) => this.up(event));
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    const share = (value, from, wide) => Math.min(1, Math.max(0, (value - from) / wide));
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  }

  down(event) {
    if (this.tool === "polygon") {
      this.corners.push(this.at(event));
      this.draw();
      return;
    }
    this.svg.setPointerCapture(event.pointerId);
    this.from = this.to = this.at(event);
    this.draw();
  }

  move(event) {
    if (!this.from) return;
    this.to = this.at(event);
    this.draw();
  }

  up() {
    if (!this.from) return;
    const [a, b] = this.from, [c, d] = this.to;
    this.from = null;
    if (Math.abs(a - c) > 0.004 && Math.abs(b - d) > 0.004) this.add([[a, b], [c, b], [c, d], [a, d]]);
    this.draw();
  }

  add(shape) {
    this.shapes.push(shape);
    this.tell();
  }

  close() {
    if (this.corners.length >= 3) this.add(this.corners);
    this.corners = [];
    this.draw();
  }

  undo() {
    if (this.corners.length) this.corners.pop(); else { this.shapes.pop(); this.tell(); }
    this.draw();
  }

  draw() {
    this.svg.replaceChildren();
    const ring = (points, look) => make("polygon", this.svg, { points: points.map((p) => p.join(",")).join(" "), class: look });
    this.shapes.forEach((one) => ring(one, "done"));
    if (this.from) ring([this.from, [this.to[0], this.from[1]], this.to, [this.from[0], this.to[1]]], "open");
    if (this.corners.length) make("polyline", this.svg, { points: this.corners.map((p) => p.join(",")).join(" "), class: "open" });
    const words = this.words;
    const buttons = [["box", words.box, () => this.use("box")], ["polygon", words.polygon, () => this.use("polygon")],
      ["", words.close, () => this.close(), this.tool !== "polygon" || this.corners.length < 3],
      ["", words.undo, () => this.undo(), !this.shapes.length && !this.corners.length]];
    this.bar.replaceChildren(...buttons.map(([tool, label, act, off]) => {
      const one = document.createElement("button");
      one.type = "button";
      one.textContent = label;
      one.disabled = !!off;
      if (tool) one.setAttribute("aria-pressed", String(tool === this.tool));
      one.onclick = act;
      return one;
    }));
  }

  use(tool) {
    this.tool = tool;
    this.corners = [];
    this.draw();
  }
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement.querySelector(".cover");
  const board = (root.yichaBoard ||= new Board(root));
  board.words = data.words;
  board.tell = () => setStateValue("drawn", { src: data.src, shapes: board.shapes });
  if (board.src !== data.src) {
    board.src = data.src;
    board.image.src = data.src;
    board.shapes = [];
    board.corners = [];
  }
  board.draw();
}
