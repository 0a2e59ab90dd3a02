/* Scenes on the map: outlines, one picture, or two with a slider between them. After yicha.js. */
(function () {
  "use strict";

  function pane(map, name, order) {
    if (!map.getPane(name)) map.createPane(name).style.zIndex = order;
    map.getPane(name).style.clip = "";
    return name;
  }

  function picture(map, group, scene, name, order) {
    if (!scene) return null;
    var tiles = L.tileLayer(scene.tiles, { pane: pane(map, name, order), bounds: scene.box,
      minZoom: 8, minNativeZoom: Math.min(scene.min, 19), maxNativeZoom: scene.max, maxZoom: 22 });
    group.addLayer(tiles);
    return tiles;
  }

  /* Outlines step back behind a picture that is shown. */
  function outlines(group, rows, shown) {
    rows.forEach(function (row) {
      var at = row[2], shape;
      var look = { color: at ? "#111827" : "#1f4e79", weight: at ? 2.5 : shown ? 1 : 1.6, opacity: at || !shown ? 1 : 0.4,
        fillColor: "#1f4e79", fillOpacity: at || shown ? 0 : 0.06, dashArray: at ? null : "4 3" };
      if (row[3].length < 3) shape = L.circleMarker(row[3][0], { radius: 5, color: "#ffffff", weight: 1.5, fillColor: "#1f4e79", fillOpacity: 1 });
      else shape = L.polygon(row[3], look);
      shape.feature = { type: "Feature", properties: { scene: row[0] } };
      shape.bindTooltip(yicha.escaped(row[1]), { sticky: true, className: "y-tip" });
      group.addLayer(shape);
    });
  }

  function tag(map, side, text) {
    var box = L.DomUtil.create("span", "y-side y-side-" + side);
    box.textContent = text;
    return box;
  }

  /* The slider cuts the two panes where its handle stands, whatever the map does. */
  function slider(map, values) {
    var box = L.DomUtil.create("div", "y-slider", map.getContainer());
    var line = L.DomUtil.create("div", "y-slider-line", box);
    var range = L.DomUtil.create("input", "y-slider-range", box);
    range.type = "range"; range.min = 0; range.max = 1; range.step = "any";
    range.value = map.yichaShare || 0.5;
    range.setAttribute("aria-label", values.slider);
    box.appendChild(tag(map, "left", values.left.label));
    box.appendChild(tag(map, "right", values.right.label));
    L.DomEvent.disableClickPropagation(box);
    function cut() {
      var size = map.getSize(), x = size.x * range.value;
      map.yichaShare = Number(range.value);
      line.style.left = x + "px";
      var low = map.containerPointToLayerPoint([0, 0]), high = map.containerPointToLayerPoint(size);
      function rect(from, to) { return "rect(" + [low.y, to, high.y, from].join("px,") + "px)"; }
      map.getPane("sceneLeft").style.clip = rect(low.x, low.x + x);
      map.getPane("sceneRight").style.clip = rect(low.x + x, high.x);
    }
    range.addEventListener("input", cut);
    map.on("move zoomend resize", cut);
    cut();
    return { remove: function () { map.off("move zoomend resize", cut); box.remove(); } };
  }

  function opacity(map, values, layers) {
    var Control = L.Control.extend({ onAdd: function () {
      var box = L.DomUtil.create("label", "y-opacity leaflet-bar");
      L.DomEvent.disableClickPropagation(box);
      box.textContent = values.opacity;
      var range = L.DomUtil.create("input", "", box);
      range.type = "range"; range.min = 0.1; range.max = 1; range.step = 0.05; range.value = map.yichaOpacity || 1;
      function apply() {
        map.yichaOpacity = Number(range.value);
        layers.forEach(function (one) { one.setOpacity(map.yichaOpacity); });
      }
      range.addEventListener("input", apply);
      apply();
      return box;
    } });
    return new Control({ position: "bottomright" }).addTo(map);
  }

  function scenes(map, group, values) {
    if (map.yichaScene) map.yichaScene.forEach(function (one) { one.remove(); });
    var both = values.left && values.right;
    var layers = [picture(map, group, values.left, "sceneLeft", 210),
      picture(map, group, values.right, "sceneRight", 211)].filter(Boolean);
    map.yichaScene = [];
    if (layers.length) map.yichaScene.push(opacity(map, values, layers));
    if (both) map.yichaScene.push(slider(map, values));
    outlines(group, values.outlines, Boolean(values.left));
    if ((values.left || values.focus) && window.yichaSceneToken !== values.token) {
      var box = L.latLngBounds(values.focus || values.left.box), room = 4, most = values.left ? 21 : 16;
      if (values.focus) { box = box.pad(0.6); room = 30; }
      var near = values.gentle && values.left && map.getBounds().intersects(box) && map.getZoom() >= values.left.max - 4;
      if (!near) setTimeout(function () { yicha.fit(map, box, false, room, most); }, 0);
      if (!near && window.yichaSceneToken === undefined) yicha.settle(map, box, room, most);
    }
    window.yichaSceneToken = values.token;
  }

  window.yicha.scenes = scenes;
})();
