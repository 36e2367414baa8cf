/** What the questions of several acts share. */

import { part } from "../../parts.js";
import { reasonsFor } from "../way.js";

/** @typedef {import("../../types.js").ActRow} ActRow */
/** @typedef {import("../../types.js").Model} Model */
/** @typedef {import("../../types.js").Say} Say */
/** @typedef {import("../../types.js").Values} Values */

export const REPLY = { name: "reply", type: "text", rows: 4, sealedFor: "reporter" };
export const NOTE = { name: "note", type: "text", rows: 2, sealedFor: "office" };
/** Also what was handed before: that a key was given does not say that it opens. */
export const AGAIN = { name: "again", type: "again", start: () => false };
export const DOCUMENT = { name: "document", type: "line", needed: true, bytes: 200 };

/** What the form says to the reporter before anybody types. @param {string} kind */
export const told = (kind) => (/** @type {Model} */ _model, /** @type {Say} */ t) => t(`told.${kind}`);

/** An act that asks for one reason and seals nothing. @param {string} tone @param {string} options @returns {ActRow} */
export function simple(tone, options) {
  return {
    tone,
    inputs: [{ name: "reason", type: "radio", options, needed: true, start: onlyReason(options) }],
    fields: (/** @type {Values} */ values) => ({ reason: values.reason }),
    parts: () => [],
  };
}

/** Where one reason fits and no other, it is chosen already. @param {string} kind */
const onlyReason = (kind) => (/** @type {Model} */ model) => {
  const fit = reasonsFor(model, kind);
  return fit.length === 1 ? fit[0] : "";
};

export const note = (/** @type {Values} */ values) => [part("work", values.note)];
export const reply = (/** @type {Values} */ values) => [part("thread", values.reply)];
export const today = (/** @type {Model} */ model) => model.today;
export const none = () => [];
export const DAY = { name: "day", type: "day", label: "day_document", start: today, needed: true };
export const paper = (/** @type {Values} */ values) => ({ day: values.day, document: values.document });
export const card = (/** @type {Model} */ model) => model.card ?? {};
