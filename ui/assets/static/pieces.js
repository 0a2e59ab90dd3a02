/* What every upload shares: a piece, its checksum, one request, a pause that a line come back cuts short.
   Put before the script that uses it. */
const PIECE = 8 * 1024 * 1024, TRIES = 5;

function pause(seconds) {
  return new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    window.addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });
}

async function checksum(data) {
  if (!window.crypto?.subtle) return null;  // only where the browser calls the address safe
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return "sha256 " + [...digest].map((n) => n.toString(16).padStart(2, "0")).join("");
}

/* One request; status 0 where the line is cut. XHR, because fetch does not tell how much was sent. */
function ask(method, address, headers, body, on = {}) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries(headers)) if (value !== null) request.setRequestHeader(name, value);
    request.timeout = 120000;
    if (on.sent) request.upload.onprogress = (event) => on.sent(event.loaded);
    on.abort = () => request.abort();
    request.onloadend = () => {
      let told = {};
      try { told = JSON.parse(request.responseText || "{}"); } catch { /* a proxy's own page */ }
      const offset = request.getResponseHeader("Upload-Offset");
      done({ status: request.status, told, offset: offset === null ? null : Number(offset) });
    };
    request.send(body);
  });
}
