/* The part of the worker that sends, for browsers that wake it when the network is back: SYNC names what
   it needs from the page's own files. */
self.addEventListener("sync", (event) => {
  if (event.tag !== TAG) return;
  const tell = async () => { for (const page of await self.clients.matchAll()) page.postMessage("changed"); };
  event.waitUntil(new Sync(tell).once());
});
