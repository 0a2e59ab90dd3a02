/* What the phone keeps: leads taken along, visits, photos. A write is only told as done once the browser
   says that it is on the disk. */
const NAME = "yicha-field", VERSION = 1;
let opened = null;

function base() {
  return opened ||= new Promise((done, fail) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("meta");
      db.createObjectStore("leads", { keyPath: ["person", "id"] });
      db.createObjectStore("visits", { keyPath: "id" });
      db.createObjectStore("photos", { keyPath: "id" }).createIndex("visit", "visit");
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); opened = null; };
      done(request.result);
    };
    request.onerror = () => { opened = null; fail(request.error); };
  });
}

/* One transaction over some stores; `act` gets them by name. Resolves when it is on the disk. */
async function change(names, act) {
  const db = await base();
  return new Promise((done, fail) => {
    const transaction = db.transaction(names, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => done();
    transaction.onerror = transaction.onabort = () => fail(transaction.error);
    act(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
  });
}

async function ask(name, make) {
  const db = await base();
  return new Promise((done, fail) => {
    const request = make(db.transaction(name).objectStore(name));
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

export const meta = (key) => ask("meta", (store) => store.get(key));
export const setMeta = (key, value) => change(["meta"], ({ meta }) => meta.put(value, key));
export const visits = () => ask("visits", (store) => store.getAll());
export const visit = (id) => ask("visits", (store) => store.get(id));
export const saveVisit = (one) => change(["visits"], ({ visits }) => visits.put(one));
/* A draft as it is now; one that was finished or deleted meanwhile (here or in another tab) stays so. */
export const saveDraft = (one) => change(["visits"], ({ visits }) => {
  visits.get(one.id).onsuccess = (event) => {
    if (event.target.result?.state === "draft") visits.put(one);
  };
});
export const photosOf = (id) => ask("photos", (store) => store.index("visit").getAll(id));
export const allPhotos = () => ask("photos", (store) => store.getAll());
export const savePhoto = (one) => change(["photos"], ({ photos }) => photos.put(one));
export const dropPhoto = (id) => change(["photos"], ({ photos }) => photos.delete(id));
export const leadsOf = async (person) => (await ask("leads", (store) => store.getAll())).filter((one) => one.person === person);

/* A visit is gone with all its photos, or stays with all of them. */
export async function dropVisit(id) {
  const photos = await photosOf(id);
  await change(["visits", "photos"], (stores) => {
    stores.visits.delete(id);
    for (const one of photos) stores.photos.delete(one.id);
  });
}

/* The package of a person takes the place of the one before, as a whole. */
export async function keepPackage(told) {
  const before = await leadsOf(told.person);
  await change(["leads", "meta"], ({ leads, meta }) => {
    for (const one of before) leads.delete([one.person, one.id]);
    for (const one of told.leads) leads.put({ ...one, person: told.person });
    meta.put(told.person, "person");
    meta.put(told.form, "form");
    meta.put({ at: told.at, left: told.left }, "package:" + told.person);
  });
}

export async function dropLeads(person) {
  const here = await leadsOf(person);
  await change(["leads", "meta"], ({ leads, meta }) => {
    for (const one of here) leads.delete([one.person, one.id]);
    meta.delete("package:" + person);
    meta.delete("person");
  });
}
