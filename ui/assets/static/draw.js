/* Drawing on a scene: polygons and lines over Leaflet.draw, numbered as in the form. After yicha.js. */
(function () {
  "use strict";

  var LOOK = {
    fire_lane: "#0072b2", protection_zone: "#8e4585", ignore_zone: "#6b7280", gate: "#00795c",
  };

  function key() {
    var bytes = new Uint8Array(8);
    window.crypto.getRandomValues(bytes);
    return Array.from(bytes, function (one) { return one.toString(16).padStart(2, "0"); }).join("");
  }

  function paint(layer, theme) {
    var told = layer.feature.properties, line = !(layer instanceof L.Polygon);
    layer.setStyle({ color: line && told.role !== "centreline" ? LOOK.gate : LOOK[theme], weight: line ? 5 : 2.5,
      fillOpacity: line ? 0 : 0.12, opacity: 1, dashArray: theme === "ignore_zone" ? "6 5" : null });
  }

  /* The number of the form stands on every shape, in the order in which the page hears of them. */
  function number(items) {
    var n = 0;
    items.eachLayer(function (layer) {
      n += 1;
      layer.unbindTooltip();
      layer.bindTooltip(String(n), { permanent: true, direction: "center", className: "y-label y-number" });
    });
  }

  function say(words) {
    var local = L.drawLocal, toolbar = local.draw.toolbar, handlers = local.draw.handlers, edit = local.edit;
    toolbar.actions = { title: words.cancel, text: words.cancel };
    toolbar.finish = { title: words.finish, text: words.finish };
    toolbar.undo = { title: words.delete_last, text: words.delete_last };
    toolbar.buttons.polygon = words.polygon;
    toolbar.buttons.polyline = words.polyline;
    handlers.polygon.tooltip = { start: words.start, cont: words.go_on, end: words.close };
    handlers.polyline.tooltip = { start: words.line_start, cont: words.line_go_on, end: words.line_end };
    handlers.polyline.error = words.crossing;
    edit.toolbar.actions = { save: { title: words.save_edit, text: words.save_edit },
      cancel: { title: words.cancel_edit, text: words.cancel_edit }, clearAll: { title: words.clear, text: words.clear } };
    edit.toolbar.buttons = { edit: words.edit, editDisabled: words.nothing_edit, remove: words.remove,
      removeDisabled: words.nothing_remove };
    edit.handlers.edit.tooltip = { text: words.edit_hint, subtext: words.edit_more };
    edit.handlers.remove.tooltip = { text: words.remove_hint };
  }

  function drawing(map, values) {
    say(values.words);
    var items = new L.FeatureGroup().addTo(map);
    function take(layer, properties) {
      layer.feature = { type: "Feature", properties: properties };
      paint(layer, values.theme);
      items.addLayer(layer);
    }
    values.features.forEach(function (feature) {
      L.geoJSON(feature).eachLayer(function (layer) { take(layer, feature.properties); });
    });
    number(items);
    var shape = { color: LOOK[values.theme], weight: 2.5 };
    map.addControl(new L.Control.Draw({
      position: "topleft",
      draw: { polygon: { allowIntersection: false, showArea: false, shapeOptions: shape,
          drawError: { color: "#c1121f", message: values.words.crossing } },
        polyline: values.lines ? { shapeOptions: { color: LOOK.gate, weight: 5 }, showLength: false } : false,
        rectangle: false, circle: false, marker: false, circlemarker: false },
      edit: { featureGroup: items, poly: { allowIntersection: false } },
    }));
    map.on(L.Draw.Event.CREATED, function (event) {
      take(event.layer, { key: key(), role: event.layerType === "polyline" ? "gate" : "", name: "" });
      number(items);
    });
    /* Leaflet writes six decimals by default: a decimetre. */
    items.toGeoJSON = function () { return L.LayerGroup.prototype.toGeoJSON.call(items, 9); };
    map.on(L.Draw.Event.DELETED, function () { number(items); });
    return items;
  }

  window.yicha.drawing = drawing;
})();
