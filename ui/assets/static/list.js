/* The list of findings: plain DOM, keyboard as well as mouse, no values computed. */
const GLYPH = { inside: "●", borderline: "◆", undecided: "▲", outside: "○" };

function cell(parent, className, text) {
  const node = document.createElement("span");
  node.className = className;
  node.textContent = text;
  parent.appendChild(node);
  return node;
}

function row(item, choose) {
  const node = document.createElement("div");
  node.className = item.quiet ? "row quiet" : "row";
  node.id = "row-" + item.n;
  node.setAttribute("role", "option");
  node.dataset.key = item.key;
  const mark = cell(node, "mark " + item.verdict, GLYPH[item.verdict] || item.glyph || "");
  mark.title = item.verdictWord;
  mark.setAttribute("aria-label", item.verdictWord);
  cell(node, "name", item.name);
  cell(node, "value", item.value);
  cell(node, "under", item.under);
  cell(node, "band", item.band);
  node.addEventListener("click", () => choose(item.key));
  return node;
}

/* Scroll the list alone: scrollIntoView would move the whole page on a small screen. */
function reveal(box, node) {
  const top = node.offsetTop, bottom = top + node.offsetHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}

function mark(box, key, scroll) {
  let active = null;
  for (const node of box.children) {
    const on = node.dataset.key === key;
    node.setAttribute("aria-selected", on ? "true" : "false");
    if (on) active = node;
  }
  if (active) {
    box.setAttribute("aria-activedescendant", active.id);
    if (scroll) reveal(box, active);
  } else {
    box.removeAttribute("aria-activedescendant");
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".list");
  const choose = (key) => {
    mark(box, key, true);
    box.dataset.chosen = key;
    setTriggerValue("select", key);
    document.querySelectorAll(".st-key-leads_card, .st-key-leads_acts").forEach((node) => { node.scrollTop = 0; });
    if (window.matchMedia("(max-width: 760px)").matches) {
      document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
    }
  };
  const stamp = JSON.stringify(data.rows);
  if (box.yichaStamp !== stamp) {
    box.yichaStamp = stamp;
    box.replaceChildren(...data.rows.map((item, n) => row({ ...item, n }, choose)));
    box.scrollTop = 0;
  }
  box.setAttribute("aria-label", data.label);
  mark(box, data.selected, box.dataset.chosen !== data.selected);
  box.dataset.chosen = data.selected || "";
  box.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity, Enter: 0 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const nodes = [...box.children];
    const at = nodes.findIndex((node) => node.getAttribute("aria-selected") === "true");
    const next = nodes[Math.min(nodes.length - 1, Math.max(0, at + step))];
    if (next) choose(next.dataset.key);
  };
  document.cookie = "yicha_lang=" + data.lang + "; path=" + (location.pathname.replace(/\/[^/]*$/, "") || "/") + "; max-age=31536000; SameSite=Lax";
  document.documentElement.lang = data.lang === "en" ? "en" : "zh-CN";
}
