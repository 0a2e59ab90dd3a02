// Says which language the page is in (to who has it read aloud), and leads to the sign-in page as soon as
// the session has ended: after signing out in another tab, after being idle, after somebody ended it.
// Asking does not count as use.
const EVERY_MS = 20000;

let base = "";  // the path that the app lies at

function leave() {
  const here = location.pathname + location.search;
  location.replace(base + "/auth/login" + (here === base + "/" ? "" : "?next=" + encodeURIComponent(here)));
}

async function ask() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(base + "/auth/state", { cache: "no-store" });
    if (answer.ok && !(await answer.json()).signed_in) leave();
  } catch {
    // The server does not answer: Streamlit says so itself.
  }
}

export default function ({ data }) {
  base = data.base;
  document.documentElement.lang = data.lang;
  if (data.out) leave();
  if (data.out || data.open || window.yichaDoors) return;
  window.yichaDoors = setInterval(ask, EVERY_MS);
  for (const event of ["focus", "pageshow", "online"]) window.addEventListener(event, ask);
  document.addEventListener("visibilitychange", ask);
}
