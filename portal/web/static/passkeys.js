// Passkeys: ask the device, put its answer into the form, send the form. Without this file, or in
// a browser that knows no passkeys, the forms stay hidden; password and code work as before.
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials || !window.fetch) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    var made = new Uint8Array(plain.length);
    for (var i = 0; i < plain.length; i += 1) made[i] = plain.charCodeAt(i);
    return made;
  }

  function text(buffer) {
    if (!buffer) return null;
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function read(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    ["excludeCredentials", "allowCredentials"].forEach(function (name) {
      (options[name] || []).forEach(function (each) { each.id = bytes(each.id); });
    });
    return options;
  }

  function written(credential) {
    var from = credential.response, response = { clientDataJSON: text(from.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (from[name]) response[name] = text(from[name]);
    });
    if (from.getTransports) response.transports = from.getTransports();
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response
    });
  }

  function asked(form) {
    if (form.dataset.passkey === "add") {
      return navigator.credentials.create({ publicKey: read(JSON.parse(form.dataset.options)) });
    }
    var how = { method: "POST", headers: { Accept: "application/json" }, credentials: "same-origin" };
    return fetch(form.dataset.challenge, how).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(function (told) {
      form.elements.ticket.value = told.ticket;
      return navigator.credentials.get({ publicKey: read(told.options) });
    });
  }

  function onSubmit(event) {
    var form = event.target, button = form.querySelector("button");
    var failed = form.querySelector("[role=alert]");
    event.preventDefault();
    button.disabled = true;
    failed.hidden = true;
    asked(form).then(function (credential) {
      form.elements.answer.value = written(credential);
      form.submit();
    }).catch(function () {
      failed.hidden = false;
      button.disabled = false;
    });
  }

  document.querySelectorAll("form[data-origin]").forEach(function (form) {
    // a passkey belongs to one address; at another, such as the numbers of a host, it cannot work
    if (form.dataset.origin !== location.origin) return;
    if (form.dataset.passkey) form.addEventListener("submit", onSubmit);
    form.hidden = false;
    document.querySelectorAll("[data-without-passkeys]").forEach(function (said) {
      said.hidden = true;
    });
  });
})();
