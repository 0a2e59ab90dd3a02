/* Nodes without markup in texts, and the words of the page. */
export let words = {};
export let lang = "zh";

export function speak(told) {
  words = told;
  lang = told.lang;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = words.title;
  document.querySelector("link[rel=manifest]").href = `manifest.${lang}.webmanifest`;  // the name on the home screen
}

/* The text of a key, with {name} filled in; of a text in both languages the one shown. */
export const say = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
export const of = (text) => (text ? text[lang] ?? text.zh ?? "" : "");

const SVG = "http://www.w3.org/2000/svg", DRAWN = ["svg", "path", "circle", "text", "g", "line"];

/* `h("button.big", {onclick}, "text", node, …)`: texts stay texts; what is null or false is left out. */
export function h(name, attributes = {}, ...inside) {
  const [tag, ...classes] = name.split(".");
  const node = DRAWN.includes(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  if (classes.length) node.setAttribute("class", classes.join(" "));
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "disabled" || key === "open") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...inside.flat(3).filter((one) => one !== null && one !== undefined && one !== false));
  return node;
}

export function bytes(n) {
  if (n === null || n === undefined) return "–";
  const units = ["B", "kB", "MB", "GB"];
  let at = 0;
  while (n >= 1000 && at < 3) { n /= 1000; at += 1; }
  return (at < 2 || n >= 100 ? n.toFixed(0) : n.toFixed(1)) + " " + units[at];
}

const LENGTHS = { zh: ["米", "公里"], en: ["m", "km"] };
export const metre = () => LENGTHS[lang][0];
export const metres = (n) => (n < 1000 ? `${n.toFixed(0)} ${metre()}` : `${(n / 1000).toFixed(n < 10000 ? 1 : 0)} ${LENGTHS[lang][1]}`);
const ROSE = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
export const rose = (degrees) => say("way." + ROSE[Math.round(degrees / 45) % 8]);
export const when = (iso) => (iso ? iso.slice(0, 16).replace("T", " ") : "");

/* A moment of the server (UTC) as the phone's own day and minute. */
export function local(utc) {
  const at = new Date(utc);
  if (Number.isNaN(at.getTime())) return utc;
  const pad = (n) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
