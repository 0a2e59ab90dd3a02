"use strict";
// The page of exported leads. Every text of the data reaches the page as text, never as markup.
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const paints = { inside: "#b3261e", borderline: "#9a6700", undecided: "#5d5851", outside: "#2e6b3f" };
  const dashes = { solid: null, dashed: "7 5", dotted: "2 4", dashdot: "8 4 2 4" };
  const small = new Set(["building", "barrier", "green", "obstacle"]);
  let lang = document.documentElement.lang === "en" ? "en" : "zh";
  let current = null;

  function element(name, text, parent, kind) {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    if (kind) made.className = kind;
    if (parent) parent.appendChild(made);
    return made;
  }

  function decoded(steps) {
    const made = [];
    let x = 0, y = 0;
    for (let at = 0; at < steps.length; at += 2) {
      x += steps[at]; y += steps[at + 1];
      made.push([y / 1e6, x / 1e6]);
    }
    return made;
  }

  function drawn(parts, style, more) {
    return parts.map(function (part) {
      const rings = part.slice(1).map(decoded);
      const look = Object.assign({ color: style.edge === "none" ? "#777" : style.edge, weight: style.width * 1.5,
        stroke: style.edge !== "none", dashArray: dashes[style.dash], fill: part[0] === "a" && style.face !== "none",
        fillColor: style.face.slice(0, 7), fillOpacity: style.face.length > 7 ? 0.15 : 0.85 }, more);
      if (part[0] === "a") return L.polygon(rings, look);
      if (part[0] === "l") return L.polyline(rings[0], Object.assign(look, { fill: false }));
      return L.circleMarker(rings[0][0], Object.assign(look, { radius: style.size, weight: 1, fill: true,
        fillColor: style.face, fillOpacity: 1 }));
    });
  }

  // The texts first: they give the map its size. Then the view: shapes are drawn into a view.
  speak();
  const map = L.map("map", { attributionControl: false, zoomSnap: 0.25, maxZoom: 21, minZoom: 2 });
  map.createPane("ground").style.zIndex = 350;
  const canvas = L.canvas({ pane: "ground", padding: 0.3 });
  const bounds = L.latLngBounds([]);
  data.leads.forEach(function (lead) {
    if (lead.place) bounds.extend(lead.place);
    lead.shapes.concat(lead.subject_shapes).forEach(function (part) { part.slice(1).map(decoded).forEach(function (ring) { bounds.extend(ring); }); });
  });
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { maxZoom: 17, animate: false }); else map.setView([0, 0], 2);
  L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
  const fine = L.layerGroup();

  (data.around || []).forEach(function (layer) {
    const style = data.styles[layer.theme];
    const more = { renderer: canvas, pane: "ground", interactive: !small.has(layer.theme) };
    layer.shapes.forEach(function (parts, at) {
      drawn(parts, style, more).forEach(function (shape) {
        if (layer.names[at]) shape.bindTooltip(function () { return element("span", layer.names[at]); }, { sticky: true });
        shape.addTo(small.has(layer.theme) ? fine : map);
      });
    });
  });
  // Houses are only drawn where they can be told apart.
  function showFine() { if (map.getZoom() >= 14.5) fine.addTo(map); else fine.remove(); }
  map.on("zoomend", showFine);
  showFine();

  const marks = data.leads.map(function (lead, at) {
    const shapes = drawn(lead.subject_shapes, data.drawn.outline, { fill: false, dashArray: "3 4" });
    shapes.push(...drawn(lead.shapes.filter(function (part) { return part[0] !== "a"; }), data.drawn.line),
      ...drawn(lead.shapes.filter(function (part) { return part[0] === "a"; }), data.drawn.outline));
    lead.beside.forEach(function (one) { shapes.push(...drawn(one.shapes, data.drawn.beside)); });
    if (lead.place) {
      shapes.push(L.circleMarker(lead.place, { radius: 8, color: "#fff", weight: 2, fillColor: paints[lead.verdict], fillOpacity: 1 }));
    }
    const group = L.featureGroup(shapes).addTo(map);
    group.bindTooltip(function () { return element("span", lead.number + " " + lead.subject); }, { sticky: true });
    group.on("click", function (event) { L.DomEvent.stop(event); show(at); });
    return group;
  });

  function rows(parent, title, pairs) {
    if (!pairs.length) return;
    element("h4", title, parent);
    const table = element("table", null, parent);
    pairs.forEach(function (pair) {
      const row = element("tr", null, table);
      element("th", pair[0], row).scope = "row";
      element("td", pair.slice(1).join(" · "), row);
    });
  }

  function facts(lead) {
    const words = data.words[lang], card = element("div");
    element("h3", lead.number + " " + lead.subject, card);
    element("p", lead.title[lang], card);
    element("p", lead.said[lang], card, "said").style.color = paints[lead.verdict];
    if (!lead.place) element("p", words.nowhere, card);
    rows(card, words.measurement, lead.rows[lang]);
    element("h4", words.reasons, card);
    const list = element("ul", null, card);
    lead.reasons[lang].forEach(function (one) { element("li", one, list); });
    rows(card, words.rule, lead.rules[lang]);
    rows(card, words.sources, lead.sources[lang]);
    element("h4", words.record, card);
    element("code", lead.record, card);
    return card;
  }

  function show(at) {
    const lead = data.leads[at];
    current = at;
    mark();
    const around = lead.place ? marks[at].getBounds() : null;
    const size = map.getSize(), tall = Math.round(Math.max(120, Math.min(size.y * 0.56, size.y - 190)));
    // The card stands above what was measured, not on it.
    if (around) {
      map.fitBounds(around, { maxZoom: 18, animate: false, paddingBottomRight: [60, 50],
        paddingTopLeft: [60, tall + 60] });
    }
    const anchor = around ? [around.getNorth(), around.getCenter().lng] : map.getCenter();
    L.popup({ maxWidth: Math.min(400, size.x - 60), minWidth: Math.min(300, size.x - 60), maxHeight: tall, autoPanPadding: [10, 10], offset: [0, 0] }).setLatLng(anchor)
      .setContent(facts(lead)).on("remove", function () { if (current === at) { current = null; mark(); } }).openOn(map);
  }

  function mark() {
    document.querySelectorAll("#leads button").forEach(function (button, at) {
      if (at === current) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
    });
  }

  function swatch(style, parent) {
    const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
    const kind = { area: "rect", line: "line", point: "circle" }[style.kind], one = document.createElementNS(space, kind);
    const where = { area: { x: 2, y: 2, width: 22, height: 12 }, line: { x1: 2, y1: 8, x2: 24, y2: 8 },
      point: { cx: 13, cy: 8, r: 5 } }[style.kind];
    Object.entries(Object.assign({ stroke: style.edge, "stroke-width": Math.max(style.width * 1.5, 1),
      fill: style.kind === "line" ? "none" : style.face.slice(0, 7), "fill-opacity": style.face.length > 7 ? 0.15 : 1,
      "stroke-dasharray": dashes[style.dash] || "none" }, where)).forEach(function (pair) { one.setAttribute(pair[0], pair[1]); });
    svg.setAttribute("width", "26"); svg.setAttribute("height", "16"); svg.setAttribute("aria-hidden", "true");
    svg.appendChild(one); parent.appendChild(svg);
  }

  function legend(words) {
    const list = document.getElementById("legend");
    list.replaceChildren();
    const used = (data.around || []).map(function (one) { return data.styles[one.theme]; });
    const seen = { subject: data.leads.some(function (one) { return one.place; }) };
    data.leads.forEach(function (lead) {
      lead.shapes.forEach(function (part) { seen[part[0] === "a" ? "outline" : "line"] = true; });
      if (lead.beside.length) seen.beside = true;
    });
    Object.keys(seen).filter(function (name) { return seen[name]; }).map(function (name) { return data.drawn[name]; })
      .concat(used.reverse()).forEach(function (style) {
        const item = element("li", null, list);
        swatch(style, item);
        element("span", style[lang], item);
      });
    if (data.radius) element("li", words.around.replace("{radius}", data.radius), list);
  }

  function speak() {
    const words = data.words[lang], list = document.getElementById("leads");
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = words.title;
    document.getElementById("title").textContent = words.title;
    document.getElementById("notices").textContent = data.notices[lang].join("　");
    document.getElementById("switch").textContent = words.other;
    document.getElementById("leads-title").textContent = words.leads.replace("{count}", data.leads.length);
    document.getElementById("legend-title").textContent = words.legend;
    document.getElementById("map").setAttribute("aria-label", words.title);
    list.replaceChildren();
    if (!data.leads.length) element("li", words.empty, list);
    data.leads.forEach(function (lead, at) {
      const button = element("button", null, element("li", null, list), lead.verdict);
      button.type = "button";
      element("b", lead.number + " " + lead.subject, button);
      element("span", lead.title[lang] + " · " + lead.said[lang] + (lead.place ? "" : " · " + words.nowhere), button);
      button.addEventListener("click", function () { show(at); });
    });
    legend(words);
    document.getElementById("about").textContent = [data.watermark, words.made + " " + data.made_at, words.crs, words.north,
      words.data, words.library].filter(Boolean).join(" · ");
    if (current === null) mark(); else show(current);
  }

  document.addEventListener("keydown", function (event) { if (event.key === "Escape") map.closePopup(); });
  const cover = document.getElementById("watermark");
  // Enough of them for a tall screen, however short the text is.
  for (let n = 0; data.watermark && n < 600 && cover.scrollHeight < 2400; n += 1) element("span", data.watermark, cover);
  document.getElementById("switch").addEventListener("click", function () { lang = lang === "zh" ? "en" : "zh"; speak(); });
}());
