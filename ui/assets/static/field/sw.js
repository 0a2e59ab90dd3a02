/* Keeps the page's own files, all of one version, so that it opens without network. VERSION and FILES
   stand in front of this text. Data never goes through here: the page keeps that itself. */
const STORE = "yicha-field-" + VERSION, OURS = /^yicha-field-/;
const SCOPE = new URL(self.registration.scope);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const store = await caches.open(STORE);
    await store.addAll(FILES.map((name) => new Request(new URL(name, SCOPE), { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (OURS.test(name) && name !== STORE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return;
  if (url.pathname.startsWith(SCOPE.pathname + "api/")) return;
  event.respondWith((async () => {
    const asked = event.request.mode === "navigate" ? new Request(SCOPE) : event.request;
    const store = await caches.open(STORE);
    return await store.match(asked, { ignoreSearch: true }) || fetch(event.request);
  })());
});
