/** Small tools for pages: find, fill, clone. Text goes in as text, never as markup. */

import { pieces } from "./core/visible.js";

/** @param {string} selector @param {ParentNode} [root] @returns {any} */
export function one(selector, root = document) {
  return root.querySelector(selector);
}

/** @param {string} selector @param {ParentNode} [root] @returns {any[]} */
export function all(selector, root = document) {
  return [...root.querySelectorAll(selector)];
}

/** @param {string} tag @param {Record<string, any>} [props] @param {(Node | string)[]} children @returns {any} */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in node) /** @type {any} */ (node)[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** @param {any} node @param {boolean} shown */
export function show(node, shown = true) {
  if (node) node.hidden = !shown;
}

/** A copy of the page's `<template data-part="name">` with its `data-slot`s filled. @param {string} name @param {Record<string, string | Node>} slots */
export function part(name, slots) {
  const copy = one(`template[data-part="${name}"]`).content.firstElementChild.cloneNode(true);
  for (const [slot, value] of Object.entries(slots)) one(`[data-slot="${slot}"]`, copy).append(value);
  return copy;
}

/** The words of this page: the JSON block that the server wrote, in the page's language. @returns {any} */
export function pageWords() {
  const block = document.getElementById("words");
  return block ? JSON.parse(block.textContent || "{}") : {};
}

/** "{n} of {all}" with the facts put in. @param {string} sentence @param {Record<string, any>} [facts] */
export function fill(sentence, facts = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

/** A key that an input method takes for itself, such as Escape while a word is being chosen: never ours. 229 is what
 * older WebKit says instead. @param {KeyboardEvent} event */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** Digits and signs typed in full width become ours in every number field, before anybody reads them. An input method
 * that is still composing is left alone; what it ends with is told to the field's readers again. */
export function startHalfWidth() {
  /** @param {Event} event @returns {boolean} whether anything was changed */
  const narrow = ({ target }) => {
    const field = /** @type {HTMLInputElement} */ (target);
    if (!field.matches?.("input[inputmode=numeric], input[inputmode=decimal]")) return false;
    const plain = field.value.normalize("NFKC");
    const changes = plain !== field.value;
    if (changes) field.value = plain;
    return changes;
  };
  document.addEventListener("input", (event) => /** @type {InputEvent} */ (event).isComposing || narrow(event), true);
  document.addEventListener("compositionend", (event) => {
    if (narrow(event)) event.target?.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** Move the reader (and a screen reader) to what is new. @param {any} node */
export function goTo(node) {
  if (!node) return;
  node.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
}

/** A node that shows the text whole, with each hidden character marked. @param {string} text @param {string} label */
export function shown(text, label) {
  const node = document.createDocumentFragment();
  for (const piece of pieces(text)) {
    if (!piece.hidden) node.append(piece.text);
    else
      node.append(
        Object.assign(document.createElement("span"), { className: "odd", title: label, textContent: piece.text }),
      );
  }
  return node;
}
