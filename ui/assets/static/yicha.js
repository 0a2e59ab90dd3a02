/* The map's own script: small and after leaflet.js. Draws what Python hands it; computes nothing. */
(function () {
  "use strict";

  var own = document.currentScript ? document.currentScript.src : "";
  var leaflet = document.querySelector('script[src*="leaflet/leaflet.js"]');
  if (leaflet) L.Icon.Default.imagePath = leaflet.src.replace(/leaflet\.js.*$/, "images/");
  /* Leaflet 1.9 dropped fakeStop; older plugins still call it. */
  if (!L.DomEvent.fakeStop) L.DomEvent.fakeStop = function () { return true; };
  L.Control.Attribution.prototype.options.prefix = false;

  /* Okabe-Ito colours, told apart by shape as well. */
  var LOOK = {
    inside: { size: 7.5, shape: "circle", fill: "#d55e00", edge: "#ffffff" },
    borderline: { size: 7, shape: "diamond", fill: "#e69f00", edge: "#3b2f00" },
    undecided: { size: 6, shape: "triangle", fill: "#0072b2", edge: "#ffffff" },
    outside: { size: 6, shape: "ring", fill: "#ffffff", edge: "#5f6b76" },
  };

  function escaped(text) {
    var box = document.createElement("span");
    box.textContent = text == null ? "" : String(text);
    return box.innerHTML;
  }

  function trace(context, shape, x, y, r) {
    context.beginPath();
    if (shape === "diamond") {
      var d = r * 1.25;
      context.moveTo(x, y - d); context.lineTo(x + d, y); context.lineTo(x, y + d);
      context.lineTo(x - d, y); context.closePath();
    } else if (shape === "triangle") {
      context.moveTo(x, y - r * 1.25); context.lineTo(x + r * 1.2, y + r * 0.85);
      context.lineTo(x - r * 1.2, y + r * 0.85); context.closePath();
    } else {
      context.arc(x, y, shape === "ring" ? r * 0.8 : r, 0, Math.PI * 2);
    }
  }

  L.Canvas.include({
    _updateShape: function (layer) {
      if (!this._drawing || layer._empty()) return;
      trace(this._ctx, layer.options.shape, layer._point.x, layer._point.y, layer._radius);
      this._fillStroke(this._ctx, layer);
    },
  });

  var Shape = L.CircleMarker.extend({
    _updatePath: function () { this._renderer._updateShape(this); },
  });

  function symbol(map, row) {
    var look = LOOK[row[1]];
    var mark = new Shape([row[3], row[2]], {
      shape: look.shape, fillColor: look.fill,
      fillOpacity: row[5] ? 0.2 : row[1] === "outside" ? 0.9 : 1, opacity: row[5] ? 0.35 : 1, color: look.edge,
      weight: row[1] === "outside" ? 2 : 1.2,
    });
    mark.look = look;
    mark.feature = { type: "Feature", properties: { finding: row[0] } };
    mark.bindTooltip(escaped(row[4]), { direction: "top", offset: [0, -8], className: "y-tip" });
    mark.options.radius = mark._radius = size(look, map.getZoom());
    return mark;
  }

  function findings(map, group, rows) {
    yicha.pile(map, group, rows);
    if (map.yichaResize) map.off("zoomend", map.yichaResize);
    map.yichaResize = function () { resize(map); };
    map.on("zoomend", map.yichaResize);
  }

  /* Far away symbols are small, and those that claim less are smaller. */
  function size(look, zoom) {
    return look.size * Math.max(0.5, Math.min(1, 0.55 + (zoom - 12) * 0.15));
  }

  function resize(map) {
    map.eachLayer(function (layer) {
      if (layer.look) layer.setRadius(size(layer.look, map.getZoom()));
    });
  }

  function label(layer, text, className, direction) {
    return layer.bindTooltip(escaped(text), {
      permanent: true, direction: direction, className: "y-label " + className, offset: [0, 0],
    });
  }

  function selection(map, group, chosen) {
    var quiet = { interactive: false };
    if (chosen.circle) {
      group.addLayer(L.circle(chosen.circle.at, Object.assign({
        radius: chosen.circle.r, color: "#1f4e79", weight: 1.2, dashArray: "3 5",
        fillColor: "#1f4e79", fillOpacity: 0.05 }, quiet)));
    }
    if (chosen.outline && chosen.outline.length) {
      group.addLayer(L.polygon(chosen.outline, Object.assign({ color: "#111827", weight: 5, opacity: 0.6, fill: false }, quiet)));
      group.addLayer(L.polygon(chosen.outline, Object.assign({ color: "#ffd60a", weight: 3, fillColor: "#ffd60a", fillOpacity: 0.12, className: "y-outline" }, quiet)));
    }
    if (chosen.line.length > 1) {
      group.addLayer(L.polyline(chosen.line, Object.assign({ color: "#ffffff", weight: 8, opacity: 0.9 }, quiet)));
      group.addLayer(L.polyline(chosen.line, Object.assign({
        color: "#1f4e79", weight: 4, dashArray: chosen.straight ? "8 7" : null, className: "y-path" }, quiet)));
    }
    if (chosen.gate) {
      var gate = L.circleMarker(chosen.gate.at, Object.assign({
        radius: 5, color: "#1f4e79", weight: 3, fillColor: "#ffffff", fillOpacity: 1 }, quiet));
      group.addLayer(label(gate, chosen.gate.text, "y-gate", chosen.gate.side));
    }
    if (chosen.end) {
      group.addLayer(L.circleMarker(chosen.end, Object.assign({ radius: 4, color: "#1f4e79", weight: 2.5,
        fillColor: "#ffffff", fillOpacity: 1 }, quiet)));
    }
    var ring = L.circleMarker(chosen.shop.at, Object.assign({
      radius: 13, color: "#111827", weight: 2.5, fill: false }, quiet));
    group.addLayer(label(ring, chosen.shop.text, "y-shop", chosen.shop.side));
    focus(map, chosen);
  }

  /* Move the view only for a new choice: to the whole path, or not at all where it is in view. */
  function focus(map, chosen) {
    if (window.yichaToken === chosen.token) return;
    var first = window.yichaToken === undefined, linked = first && map.yichaLinked;
    window.yichaToken = chosen.token;
    if (linked) return;
    var box = L.latLngBounds(chosen.line.concat([chosen.shop.at]));
    if (chosen.gate) box.extend(chosen.gate.at);
    (chosen.outline || []).forEach(function (rings) { box.extend(rings[0]); });
    if (chosen.circle) box.extend(L.latLng(chosen.circle.at).toBounds(chosen.circle.r * 2));
    var near = map.getZoom() >= 15 && map.getBounds().pad(-0.12).contains(box);
    if (chosen.gentle && near) return;
    /* After the layers are on the map: their labels follow the view from there on. */
    setTimeout(function () { fit(map, box, !first && !reduced()); }, 0);
    if (first) settle(map, box);
  }

  function fit(map, box, animate, padding, most) {
    var room = padding || 70;
    map.invalidateSize({ animate: false });
    map.fitBounds(box, { paddingTopLeft: [room, room], paddingBottomRight: [room + covered(map), room],
      maxZoom: most || 18, animate: animate });
  }

  /* How much of the map's right side the open panel covers. */
  function covered(map) {
    var panel = map.getContainer().querySelector(".y-panel[open]");
    var wide = panel ? panel.offsetWidth : 0;
    return wide < map.getSize().x * 0.45 ? wide : 0;
  }

  /* While the page is still being laid out the frame changes its size: fit again. */
  function settle(map, box, padding, most) {
    if (map.yichaAgain) map.off("resize", map.yichaAgain);
    map.yichaAgain = function () { fit(map, box, false, padding, most); };
    map.on("resize", map.yichaAgain);
    setTimeout(function () { map.off("resize", map.yichaAgain); }, 3000);
  }

  function reduced() {
    return window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  function point(group, place) {
    var mark = L.circleMarker(place.at, { radius: 6, color: "#111827", weight: 2, fillColor: "#ffd43b",
      fillOpacity: 1, interactive: false });
    group.addLayer(label(mark, place.text, "y-shop", "top"));
  }

  /* Overlays: vector features fetched from this machine, or tiles where there are too many. */
  function overlay(map, layer, solid) {
    if (layer.tiles) return L.tileLayer(layer.tiles, { maxZoom: 20, maxNativeZoom: 19, pane: "overlays", opacity: solid });
    var group = L.featureGroup();
    group.yichaSolid = solid;
    fetch(layer.features).then(function (answer) { return answer.ok ? answer.json() : []; })
      .then(function (rows) {
        rows.forEach(function (row) { feature(group, layer, row); });
        fade(group, group.yichaSolid); behind(group);
      });
    return group;
  }

  /* How solid a layer is drawn, from 0 to 1. */
  function fade(made, solid) {
    if (made.setOpacity) { made.setOpacity(solid); return; }
    made.yichaSolid = solid;
    made.eachLayer(function (shape) {
      if (!shape.yichaFull) shape.yichaFull = [shape.options.opacity, shape.options.fillOpacity];
      shape.setStyle({ opacity: shape.yichaFull[0] * solid, fillOpacity: shape.yichaFull[1] * solid });
    });
  }

  function feature(group, layer, row) {
    var tip = row[0], kind = row[1], at = row[2], shape;
    if (kind === "point") {
      shape = L.circleMarker(at, { radius: layer.radius, color: "#ffffff", weight: 1.2,
        fillColor: layer.colour, fillOpacity: 0.9 });
    } else if (kind === "line") {
      shape = L.polyline(at, { color: layer.colour, weight: 2 });
    } else {
      shape = L.polygon(at, { color: layer.colour, weight: 1.4, fillColor: layer.colour, fillOpacity: 0.05 });
    }
    if (tip) shape.bindTooltip(escaped(tip), { sticky: kind !== "point", className: "y-tip" });
    group.addLayer(shape);
  }

  function behind(group) {
    group.eachLayer(function (layer) { if (layer._map && layer.bringToBack) layer.bringToBack(); });
  }

  function remembered(key, fallback) {
    try { return JSON.parse(sessionStorage.getItem(key)) || fallback; } catch (error) { return fallback; }
  }

  function panel(map, setup) {
    map.createPane("overlays").style.zIndex = 250;
    var shown = remembered("yicha-layers", {});
    var Panel = L.Control.extend({
      onAdd: function () {
        var box = L.DomUtil.create("details", "y-panel leaflet-bar");
        L.DomEvent.disableClickPropagation(box);
        L.DomEvent.disableScrollPropagation(box);
        var head = L.DomUtil.create("summary", "", box);
        head.textContent = setup.title;
        ground(map, box, setup);
        setup.layers.forEach(function (layer) { panelRow(map, box, layer, shown, setup); });
        box.open = !setup.closed && remembered("yicha-panel", map.getSize().x > 900);
        box.addEventListener("toggle", function () {
          if (!setup.closed) sessionStorage.setItem("yicha-panel", JSON.stringify(box.open));
        });
        return box;
      },
    });
    new Panel({ position: "topright" }).addTo(map);
    if (setup.verdicts.length) legend(map, setup);
    named(map, setup);
  }

  /* What Leaflet says in English, in the page's language. */
  function named(map, setup) {
    var Scale = L.Control.Scale.extend({ _updateScale: function (line, text, share) {
      L.Control.Scale.prototype._updateScale.call(this, line, text.replace(/k?m$/, function (unit) { return setup.units[unit]; }), share);
    } });
    new Scale({ imperial: false, position: "bottomleft", maxWidth: 140 }).addTo(map);
    ["in", "out"].forEach(function (way) {
      var button = map.getContainer().querySelector(".leaflet-control-zoom-" + way);
      if (!button) return;
      button.title = setup.zoom[way];
      button.setAttribute("aria-label", setup.zoom[way]);
    });
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", setup.map);
    if (window.frameElement) window.frameElement.title = setup.map;
  }

  function panelRow(map, box, layer, shown, setup) {
    var row = L.DomUtil.create("label", "y-row", box), made = null;
    var solid = remembered("yicha-solid", {});
    var tick = L.DomUtil.create("input", "", row);
    tick.type = "checkbox";
    tick.disabled = !layer.placed;
    tick.checked = layer.placed > 0 && (layer.theme in shown ? shown[layer.theme] : layer.on);
    var dot = L.DomUtil.create("span", "y-dot y-dot-" + layer.symbol, row);
    dot.style.setProperty("--c", layer.colour);
    L.DomUtil.create("span", "y-name", row).textContent = layer.name;
    L.DomUtil.create("span", "y-count", row).textContent = layer.count;
    var told = [layer.source].concat(layer.fresh.split(" · ")).filter(Boolean);
    row.title = told.join(" · ");
    var fresh = told.length ? L.DomUtil.create("span", "y-fresh", row) : null;
    told.forEach(function (part) { L.DomUtil.create("span", "", fresh).textContent = part + " "; });
    var slide = setup.opacity ? slider(row, setup.opacity + " " + layer.name, solid[layer.theme], function (value) {
      var now = remembered("yicha-solid", {});
      now[layer.theme] = value;
      sessionStorage.setItem("yicha-solid", JSON.stringify(now));
      if (made) fade(made, value);
    }) : null;
    function apply() {
      if (tick.checked && !made) made = overlay(map, layer, slide ? Number(slide.value) / 100 : 1);
      if (made && tick.checked) { map.addLayer(made); if (!layer.tiles) behind(made); }
      if (made && !tick.checked) map.removeLayer(made);
      if (slide) slide.hidden = !tick.checked;
    }
    tick.addEventListener("change", function () {
      shown[layer.theme] = tick.checked;
      sessionStorage.setItem("yicha-layers", JSON.stringify(shown));
      apply();
    });
    apply();
  }

  function slider(parent, title, value, tell) {
    var slide = L.DomUtil.create("input", "y-solid", parent);
    slide.type = "range"; slide.min = 10; slide.max = 100; slide.step = 10;
    slide.value = Math.round(100 * (value === undefined ? 1 : value));
    slide.title = title;
    slide.setAttribute("aria-label", title);
    slide.addEventListener("input", function () { tell(Number(slide.value) / 100); });
    return slide;
  }

  /* What the map stands on: our own drawing, nothing, tiles of this machine, a scene, or an online map. */
  function ground(map, box, setup) {
    var bases = setup.bases || [], laid = [], own = null;
    if (bases.length < 2) return;
    map.createPane("ground").style.zIndex = 210;
    var field = L.DomUtil.create("label", "y-ground", box);
    L.DomUtil.create("span", "", field).textContent = setup.baseTitle;
    var choice = L.DomUtil.create("select", "", field);
    bases.forEach(function (one) {
      var option = L.DomUtil.create("option", "", choice);
      option.value = one.id; option.textContent = one.name;
    });
    function lay() {
      var one = bases.filter(function (each) { return each.id === choice.value; })[0] || bases[0];
      laid.forEach(function (layer) { map.removeLayer(layer); });
      laid = one.tiles.map(function (url) {
        return L.tileLayer(url, { pane: "ground", maxZoom: 20, maxNativeZoom: one.deepest, minZoom: one.first || 0,
          bounds: one.box || undefined, attribution: one.attribution || "" }).addTo(map);
      });
      map.eachLayer(function (layer) { if (layer._url && /\/base\/\{z\}/.test(layer._url)) own = layer; });
      if (own) own.setOpacity(one.blank || (one.tiles.length && !one.over) ? 0 : 1);
    }
    choice.value = remembered("yicha-ground", bases[0].id);
    if (!choice.value) choice.value = bases[0].id;
    choice.addEventListener("change", function () {
      sessionStorage.setItem("yicha-ground", JSON.stringify(choice.value));
      lay();
      var one = bases.filter(function (each) { return each.id === choice.value; })[0];
      if (one.box && !map.getBounds().intersects(one.box)) fit(map, L.latLngBounds(one.box), !reduced());
    });
    if (choice.value !== bases[0].id) map.whenReady(function () { setTimeout(lay, 0); });
  }

  function legend(map, setup) {
    var Legend = L.Control.extend({
      onAdd: function () {
        var box = L.DomUtil.create("div", "y-legend leaflet-bar");
        setup.verdicts.forEach(function (one) {
          var row = L.DomUtil.create("span", "y-verdict", box), mark = L.DomUtil.create("canvas", "", row);
          mark.width = mark.height = 32;
          var context = mark.getContext("2d"), look = LOOK[one[0]];
          trace(context, look.shape, 16, 16, 11);
          context.fillStyle = look.fill; context.fill();
          context.lineWidth = look.shape === "ring" ? 4 : 2; context.strokeStyle = look.edge; context.stroke();
          L.DomUtil.create("span", "", row).textContent = one[1];
        });
        return box;
      },
    });
    new Legend({ position: "bottomleft" }).addTo(map);
  }

  /* The first view, at once: an animated one would ask for tiles that nobody sees. */
  function view(map, box) {
    /* The style sheet may come after the map: follow every change of the frame's size. */
    document.head.querySelectorAll('link[rel="stylesheet"]').forEach(function (link) {
      link.addEventListener("load", function () { straighten(map); });
    });
    document.fonts.addEventListener("loadingdone", function () { straighten(map); });
    new ResizeObserver(function () { map.invalidateSize({ animate: false }); }).observe(map.getContainer());
    map.yichaHome = L.latLngBounds(box);
    fit(map, box, false, 12);
    settle(map, box, 12);
  }

  /* Styles and fonts that arrive late change the width of labels already placed. */
  function straighten(map) {
    map.eachLayer(function (layer) {
      if (layer.getTooltip && layer.getTooltip() && layer.isTooltipOpen()) layer.getTooltip().update();
    });
  }

  window.yicha = { escaped: escaped, fit: fit, reduced: reduced, symbol: symbol, label: label, LOOK: LOOK, settle: settle, view: view, findings: findings, selection: selection, point: point, panel: panel, source: own };
})();
