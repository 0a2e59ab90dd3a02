/* What somebody who reads with the ears or with weak eyes would miss: controls without a name, text of too
   little contrast (WCAG 2.1 AA: 4.5 to 1, large text 3 to 1). Answers with a list of complaints. */
() => {
  const found = [];
  const roots = [document, ...[...document.querySelectorAll("*")].filter((e) => e.shadowRoot).map((e) => e.shadowRoot)];
  const all = roots.flatMap((root) => [...root.querySelectorAll("*")]);
  const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
  const short = (e) => e.outerHTML.slice(0, 110);
  for (const e of all) {
    if (!e.matches("button, a[href], input:not([type=hidden]), select, textarea, iframe, [role=button], [role=listbox], [role=region]") || !shown(e)) continue;
    const by = (e.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent).join("");
    const label = [...(e.labels || [])].map((one) => one.textContent).join("");
    if (![e.getAttribute("aria-label"), by, label, e.title, e.textContent, e.getAttribute("alt")].some((one) => one && one.trim())) found.push("no name: " + short(e));
  }
  const parse = (text) => { const n = text.match(/[\d.]+/g).map(Number); return [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = (c) => { const [r, g, b] = c.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const up = (e) => e.parentElement || (e.getRootNode().host ?? null);
  for (const e of all) {
    const text = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent).join("").trim();
    if (!text || !/[\p{L}\p{N}]/u.test(text) || !shown(e) || e.closest("[disabled], [aria-disabled=true], [aria-hidden=true], .quiet, svg, style, script, noscript")) continue;
    const layers = [];
    let picture = false;
    for (let at = e; at; at = up(at)) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") picture = true;
      const colour = parse(style.backgroundColor);
      if (colour[3]) layers.push(colour);
      if (colour[3] === 1) break;
    }
    if (picture) continue;
    const ground = [[255, 255, 255, 1], ...layers.reverse()].reduce((below, top) => over(top, below));
    const style = getComputedStyle(e), ink = over(parse(style.color), ground);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.6 && Number(style.fontWeight) >= 600);
    if (ratio < (large ? 3 : 4.5)) found.push(ratio.toFixed(2) + " to 1: " + text.slice(0, 40) + " " + short(e));
  }
  return found;
}
