/* Between the pages and the line. No page about anybody is ever kept: without a signal the page for no signal is
   shown, and a form that could not be sent is sealed and kept until it can. */
"use strict";
importScripts("{{ store }}");
{% autoescape off %}const FACTS = {{ facts }};{% endautoescape %}
const CACHE = "bulkhead-" + FACTS.version;
const PATIENCE = 12000; /* milliseconds; then the line counts as none */
const SENT = /^\/encounters\/([0-9a-f-]{36})\/(arrived|scene|introduction|notes|leave)\/$/;
let lastAsked = 0;

self.addEventListener("install", function (event) {
  event.waitUntil((async function () {
    const cache = await caches.open(CACHE);
    await cache.addAll(FACTS.files.concat([new Request(FACTS.shell, { credentials: "omit" })]));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", function (event) {
  event.waitUntil((async function () {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

function overTheLine(request) {
  return Promise.race([
    fetch(request),
    new Promise(function (_, reject) { setTimeout(function () { reject(new Error("no signal")); }, PATIENCE); }),
  ]);
}

async function shell() {
  return (await caches.match(FACTS.shell)) || Response.error();
}

/* Must this phone forget? Asked now and then, and whenever it is locked, whoever is signed in or not. */
async function askForOrders(isLocked) {
  if (!isLocked && Date.now() - lastAsked < 60000) return;
  lastAsked = Date.now();
  const answer = await fetch(FACTS.orders, {
    method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ phone: await BulkheadStore.number() }),
  });
  if (answer.ok && (await answer.json()).forget) await BulkheadStore.forget();
}

async function page(request) {
  try {
    const answer = await overTheLine(request);
    askForOrders(new URL(request.url).pathname === FACTS.login).catch(function () {});
    return answer;
  } catch (error) {
    return shell();
  }
}

async function sent(request, encounter, form) {
  const copy = request.clone();
  try {
    return await overTheLine(request);
  } catch (error) {
    const answers = Array.from((await copy.formData()).entries());
    const told = Object.fromEntries(answers);
    try {
      await BulkheadStore.keep({ encounter: encounter, form: form, answers: answers, number: told.parcel });
      return Response.redirect("/encounters/" + encounter + "/#kept", 303);
    } catch (refused) {
      return Response.redirect("/encounters/" + encounter + "/#not-kept", 303);
    }
  }
}

self.addEventListener("fetch", function (event) {
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(page(request));
  } else if (request.mode === "navigate" && request.method === "POST" && SENT.test(url.pathname)) {
    const found = SENT.exec(url.pathname);
    event.respondWith(sent(request, found[1], found[2] === "notes" ? "note" : found[2]));
  } else if (request.method === "GET" && FACTS.files.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname).then(function (kept) { return kept || fetch(request); }));
  }
});
