/* Symbols where there are many: piles with their number where they would cover each other, and tiles of
   symbols where they are too many to be sent at once. Only places and counts; nothing is judged here. */
(function () {
  "use strict";

  var CALM = 300, CELL = 64, CROWDED = 4, ORDER = ["inside", "borderline", "undecided", "outside"];
  var GLYPH = { inside: "●", borderline: "◆", undecided: "▲", outside: "○" };
  var kept = new Map(), waiting = 0;

  /* A pile: how many, as a ring of the verdicts' shares, with the glyph of the worst. */
  function heap(map, at, total, each) {
    var from = 0, parts = [], told = [];
    each.forEach(function (n, i) {
      if (!n) return;
      var to = from + 360 * n / total;
      parts.push("var(--y-" + ORDER[i] + ") " + from.toFixed(1) + "deg " + to.toFixed(1) + "deg");
      told.push(GLYPH[ORDER[i]] + " " + n.toLocaleString());
      from = to;
    });
    var wide = Math.round(26 + 7 * Math.log10(total)), worst = ORDER[each.findIndex(function (n) { return n > 0; })];
    var shown = total < 10000 ? String(total) : Math.round(total / 1000) + "k";
    var icon = L.divIcon({ className: "y-heap", iconSize: [wide, wide],
      html: '<i style="background:conic-gradient(' + parts.join(",") + ')"><b>' + shown + "<em>" + GLYPH[worst] + "</em></b></i>" });
    var mark = L.marker(at, { icon: icon, keyboard: true, title: told.join(" · "), alt: told.join(" · "), riseOnHover: true, bubblingMouseEvents: false });
    mark.yichaHeap = total;
    mark.on("click keypress", function (event) {
      if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
      L.DomEvent.stop(event);
      map.setView(at, Math.min(map.getZoom() + 2, 19), { animate: !yicha.reduced() });
    });
    return mark;
  }

  /* Symbols that were all sent: piles where more than a few share a cell of the screen. */
  function pile(map, group, rows) {
    var made = [], drawn = null;
    function draw() {
      var zoom = Math.round(map.getZoom()), crowded = rows.length > CALM && zoom < 17;
      var key = crowded ? String(zoom) : "all";
      if (key === drawn) return;
      drawn = key;
      made.forEach(function (layer) { group.removeLayer(layer); });
      made = [];
      var cells = new Map();
      rows.forEach(function (row) {
        if (!crowded) { add(yicha.symbol(map, row)); return; }
        var at = map.project([row[3], row[2]], zoom), cell = Math.floor(at.x / CELL) + ":" + Math.floor(at.y / CELL);
        if (!cells.has(cell)) cells.set(cell, []);
        cells.get(cell).push(row);
      });
      cells.forEach(function (found) {
        if (found.length < CROWDED) { found.forEach(function (row) { add(yicha.symbol(map, row)); }); return; }
        var each = [0, 0, 0, 0], lat = 0, lon = 0;
        found.forEach(function (row) { each[ORDER.indexOf(row[1])] += 1; lon += row[2]; lat += row[3]; });
        add(heap(map, [lat / found.length, lon / found.length], found.length, each));
      });
    }
    function add(layer) {
      group.addLayer(layer);
      made.push(layer);
    }
    draw();
    follow(map, "yichaPile", "zoomend", draw);
  }

  function follow(map, name, events, act) {
    if (map[name]) map.off(map[name][0], map[name][1]);
    map[name] = [events, act];
    map.on(events, act);
  }

  /* Symbols asked for tile by tile; those that came once are kept for this page. */
  function crowd(map, group, setup) {
    var shown = new Map(), zoom = null;
    function draw() {
      var z = Math.min(Math.round(map.getZoom()), 20), size = 256, box = map.getPixelBounds(), now = new Set();
      var scale = map.getZoomScale(z, map.getZoom());
      if (z !== zoom) { shown.forEach(drop); shown.clear(); zoom = z; }
      for (var x = Math.floor(box.min.x * scale / size); x <= Math.floor(box.max.x * scale / size); x += 1) {
        for (var y = Math.floor(box.min.y * scale / size); y <= Math.floor(box.max.y * scale / size); y += 1) {
          if (x >= 0 && y >= 0 && x < 1 << z && y < 1 << z) {
            var url = L.Util.template(setup.url, { z: z, x: x, y: y });
            now.add(url);
            if (!shown.has(url)) { shown.set(url, []); load(url, z); }
          }
        }
      }
      shown.forEach(function (layers, url) { if (!now.has(url)) { drop(layers); shown.delete(url); } });
    }
    function drop(layers) { layers.forEach(function (layer) { group.removeLayer(layer); }); }
    function load(url, z) {
      if (kept.has(url)) { place(url, kept.get(url), z); return; }
      waiting += 1;
      fetch(url).then(function (answer) { return answer.ok ? answer.json() : {}; }).finally(function () {
        waiting -= 1;
      }).then(function (found) {
        kept.set(url, found);
        if (kept.size > 600) kept.delete(kept.keys().next().value);
        place(url, found, z);
      });
    }
    function place(url, found, z) {
      if (!shown.has(url) || z !== zoom) return;
      var made = (found.cells || []).map(function (cell) { return heap(map, [cell[1], cell[0]], cell[2], cell[3]); });
      (found.points || []).slice().reverse().forEach(function (row) {
        made.push(yicha.symbol(map, [row[0], row[1], row[2], row[3], row[4] + " · " + setup.words[row[1]], row[5]]));
      });
      made.forEach(function (layer) { group.addLayer(layer); });
      shown.set(url, made);
    }
    draw();
    follow(map, "yichaPile", "moveend", draw);
  }

  Object.assign(window.yicha, { pile: pile, crowd: crowd, waiting: function () { return waiting; } });
})();
