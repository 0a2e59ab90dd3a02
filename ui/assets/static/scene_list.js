/* Small pictures with their dates, one below or beside the other; keyboard as well as mouse. */
function cell(parent, className, text) {
  const node = document.createElement("span");
  node.className = className;
  node.textContent = text;
  parent.appendChild(node);
  return node;
}

function row(item, data, choose) {
  const node = document.createElement("div");
  node.className = "scene";
  node.id = "scene-" + item.key;
  node.setAttribute("role", "option");
  node.dataset.key = item.key;
  if (item.picture) {
    const picture = document.createElement("img");
    picture.src = item.picture;
    picture.alt = "";
    picture.loading = "lazy";
    node.appendChild(picture);
  } else {
    cell(node, "blank", data.no_picture);
  }
  cell(node, "day", item.day);
  cell(node, "mark", item.mark);
  cell(node, "under", item.under);
  cell(node, "title", item.title).title = item.title;
  node.addEventListener("click", () => choose(item.key));
  return node;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".scenes, .strip");
  const choose = (key) => setTriggerValue("select", key);
  const made = JSON.stringify(data.rows);
  if (box.dataset.made !== made) {
    box.replaceChildren(...data.rows.map((item) => row(item, data, choose)));
    box.dataset.made = made;
  }
  box.setAttribute("aria-label", data.label);
  for (const node of box.children) {
    const on = node.dataset.key === data.selected;
    node.setAttribute("aria-selected", on ? "true" : "false");
    node.classList.toggle("other", node.dataset.key === data.other);
    if (on) {
      const top = node.offsetTop, bottom = top + node.offsetHeight;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    }
  }
  box.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const nodes = [...box.children];
    const at = nodes.findIndex((node) => node.dataset.key === data.selected);
    const next = nodes[Math.min(Math.max(at + step, 0), nodes.length - 1)];
    if (next) choose(next.dataset.key);
  };
}
