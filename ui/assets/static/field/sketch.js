/* The surroundings drawn from outlines in metres round the lead; north is up. */
import { h, metres, say } from "./dom.js";
import { offset, place } from "./sense.js";

const REACH = 220, NAMED = ["school", "road", "water"], NAMES = 8, LETTER = 14;
/* Where names may not stand: the arrow to the north, the bar of the scale. */
const TAKEN = [{ x: -193, y: -185, wide: 40, tall: 60 }, { x: 160, y: 200, wide: 120, tall: 30 }];

function path(one) {
  return one.xy.map(([x, y], at) => (at ? "L" : "M") + x + " " + -y).join("") + (one.kind === "area" ? "Z" : "");
}

export function sketch(lead, phone) {
  const shapes = lead.sketch.filter((one) => one.kind !== "point").map((one) => h("path." + one.theme + "." + one.kind, { d: path(one) }));
  const points = lead.sketch.filter((one) => one.kind === "point").map((one) => h("circle." + one.theme, { cx: one.xy[0][0], cy: -one.xy[0][1], r: one.theme === "finding" ? 6 : 4 }));
  const said = new Set(), names = [], taken = [...TAKEN];
  for (const one of [...lead.sketch].sort((a, b) => NAMED.indexOf(a.theme) - NAMED.indexOf(b.theme))) {
    if (!one.name || said.has(one.name) || !NAMED.includes(one.theme) || names.length >= NAMES) continue;
    said.add(one.name);
    const [x, y] = one.kind === "area" ? one.xy.reduce(([a, b], [c, d]) => [a + c / one.xy.length, b + d / one.xy.length], [0, 0]) : one.xy[Math.floor(one.xy.length / 2)];
    const wide = [...one.name].reduce((sum, letter) => sum + (letter > "\u2e80" ? LETTER : LETTER * 0.6), 8), edge = REACH - wide / 2;
    const box = { x: Math.max(-edge, Math.min(edge, x)), y: Math.max(-200, Math.min(205, -y)), wide, tall: LETTER + 4 };
    if (taken.some((other) => Math.abs(box.x - other.x) < (box.wide + other.wide) / 2 && Math.abs(box.y - other.y) < (box.tall + other.tall) / 2)) continue;
    taken.push(box);
    names.push(h("text", { x: box.x, y: box.y, "text-anchor": "middle", "dominant-baseline": "central" }, one.name));
  }
  const me = h("g.me", { visibility: "hidden" }, h("circle.round", { r: 1 }), h("circle.dot", { r: 6 }));
  const drawn = h("svg.sketch", { viewBox: `${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`, role: "img", "aria-label": say("sketch.label") },
    shapes, points, names, h("path.cross", { d: "M-9 0H9M0 -9V9" }), me,
    h("path.bar", { d: "M110 205H210M110 200V210M210 200V210" }), h("text.unit", { x: 160, y: 196, "text-anchor": "middle" }, metres(100)),
    h("path.north", { d: "M-200 -180L-193 -205L-186 -180L-193 -186Z" }), h("text.unit", { x: -193, y: -164, "text-anchor": "middle" }, say("way.n")));
  const follow = () => {
    if (!place.last || !lead.place) return;
    const [x, y] = offset(lead.place, place.last);
    const seen = Math.abs(x) < REACH && Math.abs(y) < REACH;
    me.setAttribute("visibility", seen ? "visible" : "hidden");
    me.setAttribute("transform", `translate(${x.toFixed(1)} ${(-y).toFixed(1)})`);
    me.firstChild.setAttribute("r", Math.min(place.last.accuracy, REACH));
  };
  follow();
  phone.add(follow);
  return drawn;
}
