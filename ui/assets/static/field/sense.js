/* What the phone can say of itself: where it is, what it is, the hash of a file, how much room is left. */
export const hex = (bytes) => [...bytes].map((n) => n.toString(16).padStart(2, "0")).join("");
export const fresh = () => hex(crypto.getRandomValues(new Uint8Array(16)));
export const sha256 = async (buffer) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", buffer)));

/* A moment as ISO with the phone's own zone. */
export function iso(moment) {
  const at = new Date(moment), shift = -at.getTimezoneOffset(), pad = (n) => String(n).padStart(2, "0");
  const local = new Date(at.getTime() + shift * 60000).toISOString().slice(0, 23);
  return local + (shift < 0 ? "-" : "+") + pad(Math.floor(Math.abs(shift) / 60)) + ":" + pad(Math.abs(shift) % 60);
}

/* The position while somebody looks at it. `same` counts readings that did not move at all: a real
   receiver trembles, a made-up position does not. */
class Place {
  constructor() { Object.assign(this, { last: null, fixes: 0, same: 0, error: null, watch: null, heard: new Set() }); }

  follow(hear) {
    this.heard.add(hear);
    if (this.watch === null && navigator.geolocation) {
      this.watch = navigator.geolocation.watchPosition((fix) => this.take(fix), (error) => this.fail(error),
        { enableHighAccuracy: true, maximumAge: 0, timeout: 60000 });
    } else if (!navigator.geolocation) this.error = "none";
    return () => this.leave(hear);
  }

  leave(hear) {
    this.heard.delete(hear);
    if (!this.heard.size && this.watch !== null) { navigator.geolocation.clearWatch(this.watch); this.watch = null; }
  }

  take(fix) {
    const { latitude: lat, longitude: lon } = fix.coords;
    this.same += this.last && this.last.lat === lat && this.last.lon === lon ? 1 : 0;
    this.fixes += 1;
    this.error = null;
    this.last = { lat, lon, accuracy: fix.coords.accuracy, altitude: fix.coords.altitude, at: fix.timestamp,
      altitudeAccuracy: fix.coords.altitudeAccuracy, heading: fix.coords.heading, speed: fix.coords.speed };
    for (const hear of this.heard) hear(this);
  }

  fail(error) {
    this.error = { 1: "denied", 2: "unavailable", 3: "timeout" }[error.code] || "unavailable";
    for (const hear of this.heard) hear(this);
  }

  /* As it goes with a visit or a photo; nothing where there is none. */
  told() {
    const one = this.last;
    if (!one) return null;
    const more = { altitude_m: one.altitude, altitude_accuracy_m: one.altitudeAccuracy,
      heading: one.heading === null || Number.isNaN(one.heading) ? null : one.heading, speed_m_s: one.speed };
    const known = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== null && value !== undefined));
    return { lon: one.lon, lat: one.lat, accuracy_m: one.accuracy, at: iso(one.at), fixes: this.fixes, same_fixes: this.same, ...known };
  }
}
export const place = new Place();

export async function device() {
  const more = await navigator.userAgentData?.getHighEntropyValues?.(["model", "platformVersion", "fullVersionList"]).catch(() => null);
  const said = { agent: navigator.userAgent.slice(0, 290), languages: (navigator.languages || []).join(","),
    screen: screen.width + "x" + screen.height + "@" + devicePixelRatio, model: more?.model,
    platform: more ? [more.platform, more.platformVersion].filter(Boolean).join(" ") : navigator.platform,
    browser: more?.fullVersionList?.map((one) => one.brand + " " + one.version).join(", ").slice(0, 290) };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value));
}

/* Ask the browser not to throw anything away by itself; how much is used and may be used, bytes. */
export async function room(asking) {
  const kept = asking ? await navigator.storage?.persist?.() : await navigator.storage?.persisted?.();
  const told = await navigator.storage?.estimate?.();
  return { kept: !!kept, used: told?.usage ?? null, most: told?.quota ?? null };
}

const R = 6371008.8, RAD = Math.PI / 180;
/* Metres and degrees from north between two places: to find the way, never for the record. */
export function way(from, to) {
  const a = from.lat * RAD, b = to.lat * RAD, east = (to.lon - from.lon) * RAD;
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(east / 2) ** 2;
  const turn = Math.atan2(Math.sin(east) * Math.cos(b), Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(east));
  return { metres: 2 * R * Math.asin(Math.sqrt(half)), bearing: (turn / RAD + 360) % 360 };
}

/* Metres east and north of a place, for the sketch. */
export function offset(from, to) {
  return [(to.lon - from.lon) * RAD * R * Math.cos(from.lat * RAD), (to.lat - from.lat) * RAD * R];
}
