/* Finds names in INDEX, whatever alphabet they are typed in. Nothing is kept, nothing is asked for. */
(function () {
  "use strict";
  var SOUNDS = new RegExp(Object.keys(FOLDING.sounds).join("|"), "g");
  var BEGINNING = new RegExp("^(?:" + Object.keys(FOLDING.beginnings).join("|") + ")");
  var MOST = 50;

  function reduceSounds(plain) {
    var before = "";
    plain = plain.replace(BEGINNING, function (found) { return FOLDING.beginnings[found]; });
    while (before !== plain) {
      before = plain;
      plain = plain
        .replace(SOUNDS, function (found) { return FOLDING.sounds[found]; })
        .replace(/i+(?=[aeou])/g, "")
        .replace(/([ie])j$/, "$1i")
        .replace(/([a-z])\1+/g, "$1");
    }
    return plain;
  }

  function fold(text) {
    var words = [], word = null, sign, i;
    text = text.normalize ? text.normalize("NFC") : text;
    for (i = 0; i <= text.length; i++) {
      sign = text.charAt(i);
      if (/[A-Za-z0-9]/.test(sign)) {
        word = (word || "") + sign.toLowerCase();
      } else if (sign && Object.prototype.hasOwnProperty.call(FOLDING.letters, sign)) {
        word = (word || "") + FOLDING.letters[sign];
      } else if (!sign || FOLDING.joining.indexOf(sign) < 0) {
        word = word && reduceSounds(word.slice(0, FOLDING.longest));
        if (word) { words.push(word); }
        word = null;
      }
    }
    return words;
  }

  function begins(keys, word) {
    return (" " + keys).indexOf(" " + word) >= 0;
  }

  function find(text) {
    var words = fold(text), first = [], second = [];
    if (!words.length) { return []; }
    INDEX.forEach(function (row) {
      if (words.every(function (word) { return begins(row[3], word); })) {
        first.push(row);
      } else if (words.every(function (word) { return begins(row[3], word) || begins(row[4], word); })) {
        second.push(row);
      }
    });
    return first.concat(second);
  }

  function card(row) {
    var item = document.createElement("li"), link = document.createElement("a");
    var kind = document.createElement("p");
    item.className = "card";
    link.href = row[1];
    link.textContent = row[0];
    kind.className = "quiet";
    kind.textContent = KINDS[row[2]];
    item.appendChild(link);
    item.appendChild(kind);
    return item;
  }

  function show() {
    var found = find(box.value), asked = fold(box.value).length > 0;
    while (list.firstChild) { list.removeChild(list.firstChild); }
    found.slice(0, MOST).forEach(function (row) { list.appendChild(card(row)); });
    said.textContent = !asked ? "" : said.getAttribute(found.length ? "data-found" : "data-none") +
      (found.length ? " " + found.length : "");
  }

  var form = document.getElementById("finding"), box = document.getElementById("q");
  var list = document.getElementById("found"), said = document.getElementById("said");
  window.fold = fold;
  form.hidden = false;
  box.addEventListener("input", show);
  form.addEventListener("submit", function (event) { event.preventDefault(); show(); });
  show();
})();
