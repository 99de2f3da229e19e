"use strict";
// Text on its way into the page. Everything becomes text nodes; nothing here is parsed as HTML.

const TURNING = /([\u202a-\u202e\u2066-\u2069])/;

// A text as nodes in which characters that turn the direction of writing turn nothing.
function shown(text) {
  const fragment = document.createDocumentFragment();
  for (const piece of text.split(TURNING)) {
    if (!piece) continue;
    if (TURNING.test(piece)) fragment.append(element("bdi", piece));
    else fragment.append(piece);
  }
  return fragment;
}

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (name === "bdi") made.textContent = text;
  else if (text) made.append(shown(text));
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

function percent(probability) {
  return probability === null ? "–" : `${Math.round(100 * probability)} %`;
}

function counted(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
