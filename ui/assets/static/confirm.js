/* Candidates on the map, and mending one outline with leaflet.draw. After scenes.js. */
(function () {
  "use strict";

  var LOOK = {
    open: { color: "#ffd60a", dashArray: null },
    unsure: { color: "#56b4e9", dashArray: "6 4" },
    yes: { color: "#d55e00", dashArray: null },
    no: { color: "#ffffff", dashArray: "2 5" },
  };

  function tell(message) { window.parent.postMessage(Object.assign({ yicha: "confirm" }, message), window.location.origin); }

  function edged(group, rings, look, more) {
    group.addLayer(L.polygon(rings, { color: "#111827", weight: (more.weight || 2) + 2, opacity: 0.65, fill: false, interactive: false }));
    var shape = L.polygon(rings, Object.assign({ color: look.color, dashArray: look.dashArray, weight: 2, fillColor: look.color, fillOpacity: 0.04 }, more));
    group.addLayer(shape);
    return shape;
  }

  function button(box, name, text, act) {
    var node = L.DomUtil.create("button", "y-draw-" + name, box);
    node.type = "button";
    node.textContent = text;
    node.addEventListener("click", act);
  }

  /* The outline with handles at its corners; drawn anew where the old one is no start. */
  function editor(map, chosen, words) {
    L.drawLocal.draw.handlers.polygon.tooltip = { start: words.start, cont: words.go_on, end: words.close };
    L.drawLocal.draw.handlers.polyline.error = "";
    var ink = { color: "#ffd60a", weight: 3, fillOpacity: 0.08 };
    var shape = L.polygon(chosen.rings[0], ink).addTo(map), drawing = null;
    var others = chosen.rings.slice(1).map(function (rings) { return L.polygon(rings, Object.assign({}, ink, { dashArray: "4 4", interactive: false })).addTo(map); });
    shape.editing.enable();

    function made(event) {
      shape.editing.disable();
      shape.remove();
      shape = event.layer.setStyle(ink).addTo(map);
      shape.editing.enable();
      others.splice(0).forEach(function (one) { one.remove(); });
      drawing = null;
    }
    function anew() {
      if (drawing) drawing.disable();
      drawing = new L.Draw.Polygon(map, { allowIntersection: false, showArea: false, shapeOptions: ink,
        drawError: { color: "#d55e00", message: words.again } });
      drawing.enable();
    }
    /* Parts without handles stay as they are. */
    function save() {
      var parts = [shape].concat(others).map(function (one) { return one.toGeoJSON(9).geometry.coordinates; });
      var geometry = parts.length === 1 ? { type: "Polygon", coordinates: parts[0] } : { type: "MultiPolygon", coordinates: parts };
      tell({ "do": "outline", geometry: geometry });
    }
    function cancel() { tell({ "do": "edit" }); }
    var Bar = L.Control.extend({ onAdd: function () {
      var box = L.DomUtil.create("div", "y-draw leaflet-bar");
      L.DomEvent.disableClickPropagation(box);
      L.DomUtil.create("p", "", box).textContent = words.hint;
      button(box, "save", words.save, save);
      button(box, "anew", words.anew, anew);
      button(box, "cancel", words.cancel, cancel);
      return box;
    } });
    var bar = new Bar({ position: "bottomright" }).addTo(map);
    map.on("draw:created", made);
    return {
      key: function (key) {
        if (key === "Enter" && !drawing) save();
        else if (key === "Escape" && drawing) { drawing.disable(); drawing = null; }
        else if (key === "Escape" || key.toLowerCase() === "e") cancel();
        else return false;
        return true;
      },
      remove: function () {
        map.off("draw:created", made);
        if (drawing) drawing.disable();
        shape.editing.disable();
        shape.remove();
        others.forEach(function (one) { one.remove(); });
        bar.remove();
      },
    };
  }

  function candidates(map, group, values) {
    var chosen = values.chosen, mended = chosen && values.editing ? JSON.stringify(chosen) : null;
    /* An outline being mended stays under the hand, whatever else is drawn anew. */
    if (map.yichaEditor && map.yichaEditor.of !== mended) {
      map.yichaEditor.remove();
      map.yichaEditor = null;
    }
    values.rows.forEach(function (row) {
      var shape = edged(group, row[3], LOOK[row[2]], { interactive: !values.editing });
      shape.feature = { type: "Feature", properties: { candidate: row[0] } };
      shape.bindTooltip(yicha.escaped(row[1]), { sticky: true, className: "y-tip" });
    });
    if (chosen && chosen.detected) edged(group, chosen.detected, { color: "#5ac8ff", dashArray: "3 4" }, { interactive: false, weight: 1.5, fillOpacity: 0 });
    if (mended && !map.yichaEditor) map.yichaEditor = Object.assign(editor(map, chosen, values.words), { of: mended });
    else if (chosen && !mended) edged(group, chosen.rings, { color: "#ffd60a", dashArray: null }, { interactive: false, weight: 4, fillOpacity: 0 });
    listen(map);
  }

  /* Keys pressed over the map belong to the panel, but for those of the outline being drawn. */
  function listen(map) {
    window.yichaMap = map;
    if (window.yichaListens) return;
    window.yichaListens = true;
    window.addEventListener("keydown", function (event) {
      var tag = (event.target.tagName || "").toLowerCase();
      if (event.ctrlKey || event.metaKey || event.altKey || tag === "button" && event.key === "Enter") return;
      if (window.yichaMap.yichaEditor && window.yichaMap.yichaEditor.key(event.key)) event.preventDefault();
      else if (tag !== "input" && !event.key.startsWith("Arrow")) tell({ key: event.key });
    });
    /* The panel's keys reach the outline too: the map need not have the focus. */
    window.addEventListener("message", function (event) {
      if (event.origin !== window.location.origin || !event.data || event.data.yicha !== "draw") return;
      if (window.yichaMap.yichaEditor) window.yichaMap.yichaEditor.key(event.data.key);
    });
  }

  window.yicha.candidates = candidates;
})();
