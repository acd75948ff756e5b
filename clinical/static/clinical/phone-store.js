/* What a phone keeps without a signal: sealed at once to the site's public key, and never opened here.
   Loaded by pages, by the page for no signal and by the worker between them and the line. */
self.BulkheadStore = (function () {
  "use strict";

  const NAME = "bulkhead-phone";
  const FORMS = ["arrived", "scene", "introduction", "note", "leave"];

  function base64(buffer) {
    let text = "";
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  }

  function bytes(text) {
    return Uint8Array.from(atob(text), function (character) { return character.charCodeAt(0); });
  }

  function open() {
    return new Promise(function (resolve, reject) {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("facts");
        asked.result.createObjectStore("parcels", { keyPath: "number" });
      };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { reject(asked.error); };
    });
  }

  /* One transaction: act(store) asks, and what the last question answered is given back. */
  async function within(store, mode, act) {
    const database = await open();
    try {
      return await new Promise(function (resolve, reject) {
        const transaction = database.transaction(store, mode);
        const asked = act(transaction.objectStore(store));
        transaction.oncomplete = function () { resolve(asked ? asked.result : undefined); };
        transaction.onerror = transaction.onabort = function () { reject(transaction.error); };
      });
    } finally {
      database.close();
    }
  }

  const fact = function (name) { return within("facts", "readonly", function (facts) { return facts.get(name); }); };
  const setFact = function (name, value) { return within("facts", "readwrite", function (facts) { facts.put(value, name); }); };
  const drop = function (number) { return within("parcels", "readwrite", function (parcels) { parcels.delete(number); }); };

  /* Everything that was kept, the oldest first: numbers, instants and what is sealed. */
  async function parcels() {
    const all = await within("parcels", "readonly", function (store) { return store.getAll(); });
    return all.sort(function (one, other) { return one.keptAt - other.keptAt; });
  }

  /* By order, or because somebody else signed in. The phone's own number and the key stay: they are nobody's. */
  async function forget() {
    await within("parcels", "readwrite", function (store) { store.clear(); });
    await setFact("tonight", []);
  }

  async function seal(parcel, text, key) {
    const site = await crypto.subtle.importKey(
      "spki", bytes(key.spki), { name: "RSA-OAEP", hash: "SHA-256" }, false, ["wrapKey"]);
    const once = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const beside = [parcel.number, parcel.owner, parcel.encounter, parcel.form].join("|");
    const encoder = new TextEncoder();
    const sealed = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv: nonce, additionalData: encoder.encode(beside) }, once, encoder.encode(text));
    const wrapped = await crypto.subtle.wrapKey("raw", once, site, { name: "RSA-OAEP" });
    return { key: key.name, nonce: base64(nonce), sealed: base64(sealed), wrapped: base64(wrapped) };
  }

  /* Keep one form. Throws where nobody has signed in on this phone, or the encounter is not one of tonight's.
     A draft takes the place of the draft before it; a form that was sent ends its draft. */
  async function keep(form) {
    const owner = await fact("owner");
    const key = await fact("key");
    const tonight = (await fact("tonight")) || [];
    const isTonight = tonight.some(function (each) { return each.id === form.encounter; });
    if (!owner || !key || !isTonight || !FORMS.includes(form.form)) throw new Error("not to be kept here");
    const now = new Date();
    const parcel = {
      number: form.number || crypto.randomUUID(), owner: owner, encounter: form.encounter, form: form.form,
      isDraft: Boolean(form.isDraft), keptAt: now.getTime(),
    };
    const text = JSON.stringify({ answers: form.answers, kept_at: now.toISOString(), draft: parcel.isDraft });
    Object.assign(parcel, await seal(parcel, text, key));
    for (const each of await parcels()) {
      if (each.isDraft && each.encounter === parcel.encounter && each.form === parcel.form) await drop(each.number);
    }
    await within("parcels", "readwrite", function (store) { store.put(parcel); });
    return parcel;
  }

  /* What goes over the line for a parcel. */
  function message(parcel) {
    const names = ["number", "owner", "encounter", "form", "key", "nonce", "sealed", "wrapped"];
    return JSON.stringify(Object.fromEntries(names.map(function (name) { return [name, parcel[name]]; })));
  }

  async function number() {
    const known = await fact("phone");
    if (known) return known;
    const made = crypto.randomUUID();
    await setFact("phone", made);
    return made;
  }

  return { fact: fact, setFact: setFact, parcels: parcels, keep: keep, drop: drop, forget: forget, message: message, number: number };
})();
