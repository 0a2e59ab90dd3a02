/* What a person does on the map beside looking: measuring, drawing an area, sending the view to a colleague.
   Corners go to Python, which measures; only what it answers is written on the map. */
(function () {
  "use strict";

  function above() {
    try { return window.parent.location.href ? window.parent : null; } catch (error) { return null; }
  }

  /* The view stands in the address of the page, and an address that names one is gone to. */
  function address(map) {
    var page = above(), waiting = null;
    if (!page) return;
    var told = /^(\d{1,2}(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(
      new URLSearchParams(page.location.search).get("view") || "");
    if (told) {
      if (map.yichaAgain) map.off("resize", map.yichaAgain);
      map.yichaLinked = true;
      map.setView([Number(told[2]), Number(told[3])], Number(told[1]), { animate: false });
    }
    var start = Date.now();
    map.on("moveend", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () {
        if (!map.yichaMoved && Date.now() - start < 3500) return;
        var at = map.getCenter(), url = new URL(page.location.href);
        url.searchParams.set("view", map.getZoom() + "/" + at.lat.toFixed(5) + "/" + at.lng.toFixed(5));
        page.history.replaceState(page.history.state, "", url.toString().replace(/%2F/g, "/").replace(/%2C/g, ","));
      }, 300);
    });
    map.on("dragstart zoomstart", function () { if (Date.now() - start > 1500) map.yichaMoved = true; });
  }

  /* Go to a place that was searched for, once. */
  function go(map, group, goal) {
    var mark = L.circleMarker(goal.at, { radius: 7, color: "#111827", weight: 2.5, fillColor: "#ffd43b", fillOpacity: 1, interactive: false });
    group.addLayer(yicha.label(mark, goal.text, "y-shop", "top"));
    if (window.yichaGoal === goal.token) return;
    window.yichaGoal = goal.token;
    if (map.yichaAgain) map.off("resize", map.yichaAgain);
    setTimeout(function () { map.setView(goal.at, Math.max(map.getZoom(), 17), { animate: false }); }, 0);
  }

  /* What was drawn and measured; an area that the address names is gone to once, where it says no view. */
  function sketch(map, group, drawn) {
    var style = { color: "#7b1fa2", weight: 3, dashArray: "7 4", fillColor: "#7b1fa2", fillOpacity: 0.03, interactive: false };
    var shape = drawn.closed ? L.polygon(drawn.corners, style) : L.polyline(drawn.corners, style);
    shape.yichaDrawn = true;
    group.addLayer(shape);
    drawn.corners.forEach(function (at) {
      group.addLayer(L.circleMarker(at, { radius: 4, color: "#7b1fa2", weight: 2, fillColor: "#fff", fillOpacity: 1, interactive: false }));
    });
    drawn.sides.forEach(function (text, i) {
      var a = drawn.corners[i], b = drawn.corners[(i + 1) % drawn.corners.length];
      note(group, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], text, "y-side-m");
    });
    var told = String(drawn.corners), linked = window.yichaArea === undefined && map.yichaLinked;
    if (drawn.sought && told !== window.yichaArea && !linked) {
      setTimeout(function () { yicha.fit(map, shape.getBounds(), false, 40); }, 0);
      yicha.settle(map, shape.getBounds(), 40);
    }
    window.yichaArea = told;
    if (drawn.text) note(group, drawn.closed ? shape.getBounds().getCenter() : drawn.corners[drawn.corners.length - 1], drawn.text, "y-whole-m");
  }

  function note(group, at, text, className) {
    group.addLayer(L.marker(at, { interactive: false, keyboard: false,
      icon: L.divIcon({ className: "y-measure " + className, iconSize: null, html: "<span>" + yicha.escaped(text) + "</span>" }) }));
  }

  /* The buttons; while one is on, clicks set corners and the page is not asked what is near. */
  function tools(map, words) {
    var active = null, corners = [], draft = L.layerGroup().addTo(map), down = null, buttons = {}, hint = null, bar = null;
    var box = map.getContainer();

    function start(name) {
      if (active === name) { stop(); return; }
      stop();
      active = name;
      buttons[name].setAttribute("aria-pressed", "true");
      hint.hidden = false;
      box.classList.add("y-drawing");
      map.doubleClickZoom.disable();
      box.focus();
    }

    function stop() {
      active = null; corners = [];
      draft.clearLayers();
      Object.values(buttons).forEach(function (button) { button.setAttribute("aria-pressed", "false"); });
      if (hint) hint.hidden = true;
      box.classList.remove("y-drawing");
      map.doubleClickZoom.enable();
    }

    function draw(extra) {
      draft.clearLayers();
      var points = extra ? corners.concat([extra]) : corners;
      var style = { color: "#7b1fa2", weight: 3, dashArray: "4 6", fillOpacity: 0.06, interactive: false };
      if (points.length > 1) draft.addLayer(active === "line" ? L.polyline(points, style) : L.polygon(points, style));
      corners.forEach(function (at) { draft.addLayer(L.circleMarker(at, { radius: 5, color: "#7b1fa2", weight: 2, fillColor: "#fff", fillOpacity: 1, interactive: false })); });
    }

    function corner(at) {
      var last = corners[corners.length - 1];
      if (last && map.latLngToContainerPoint(last).distanceTo(map.latLngToContainerPoint(at)) < 5) return;
      corners.push(at);
      draw();
    }

    function finish() {
      if (corners.length < (active === "line" ? 2 : 3)) return;
      var shape = active === "line" ? L.polyline(corners) : L.polygon(corners);
      shape.feature = { type: "Feature", properties: { tool: active } };
      map.fire("draw:created", { layer: shape, layerType: active });
      stop();
    }

    function ours(event) { return active && !event.target.closest(".leaflet-control"); }

    box.addEventListener("mousedown", function (event) { down = [event.clientX, event.clientY]; }, true);
    box.addEventListener("click", function (event) {
      if (!ours(event)) return;
      event.stopPropagation();
      if (down && Math.abs(event.clientX - down[0]) + Math.abs(event.clientY - down[1]) > 6) return;
      corner(map.mouseEventToLatLng(event));
    }, true);
    box.addEventListener("dblclick", function (event) {
      if (!ours(event)) return;
      event.stopPropagation();
      finish();
    }, true);
    box.addEventListener("mousemove", function (event) {
      if (active && corners.length) draw(map.mouseEventToLatLng(event));
    });
    box.addEventListener("keydown", function (event) {
      if (!active) {
        var close = event.key === "Escape" && above() && above().document.querySelector(".st-key-m_close button");
        if (close) close.click();
        return;
      }
      var keys = { Enter: finish, Escape: stop, " ": function () { corner(map.getCenter()); },
        Backspace: function () { corners.pop(); draw(); } };
      if (!keys[event.key] || event.target.closest(".leaflet-control")) return;
      event.preventDefault(); event.stopPropagation();
      keys[event.key]();
    }, true);

    var Bar = L.Control.extend({
      onAdd: function () {
        bar = L.DomUtil.create("div", "y-tools leaflet-bar");
        bar.setAttribute("role", "toolbar");
        bar.setAttribute("aria-label", words.title);
        L.DomEvent.disableClickPropagation(bar);
        [["home", "M3 10l7.5-7 7.5 7M5.5 8.5V18h10V8.5"], ["line", "M3 17 17 3M3 17v-5M3 17h5M9 11l2 2M12 8l2 2"], ["ring", "M4 5l11-2 3 9-8 6-7-4z"],
          ["inside", "M3 3h3M9 3h3M15 3h3v3M18 9v3M18 15v3h-3M12 18H9M6 18H3v-3M3 12V9M3 6V3M8 8h5v5H8z"]].forEach(function (one) {
          var button = L.DomUtil.create("button", "y-tool y-tool-" + one[0], bar);
          button.type = "button";
          button.title = words[one[0]];
          button.setAttribute("aria-label", words[one[0]]);
          button.innerHTML = '<svg viewBox="0 0 21 21" width="19" height="19" fill="none" stroke="currentColor" stroke-width="1.7" aria-hidden="true"><path d="' + one[1] + '"/></svg>';
          if (one[0] === "home") {
            button.addEventListener("click", function () { yicha.fit(map, map.yichaHome, !yicha.reduced(), 12); });
            return;
          }
          button.setAttribute("aria-pressed", "false");
          button.addEventListener("click", function () { start(one[0]); });
          buttons[one[0]] = button;
        });
        return bar;
      },
    });
    new Bar({ position: "topleft" }).addTo(map);
    var Hint = L.Control.extend({
      onAdd: function () {
        hint = L.DomUtil.create("div", "y-hint leaflet-bar");
        hint.hidden = true;
        hint.setAttribute("role", "status");
        L.DomEvent.disableClickPropagation(hint);
        L.DomUtil.create("span", "", hint).textContent = words.hint;
        [["done", finish], ["stop", stop]].forEach(function (one) {
          var button = L.DomUtil.create("button", "", hint);
          button.type = "button";
          button.textContent = words[one[0]];
          button.addEventListener("click", one[1]);
        });
        return hint;
      },
    });
    new Hint({ position: "bottomleft" }).addTo(map);
  }

  Object.assign(window.yicha, { address: address, go: go, sketch: sketch, tools: tools });
})();
