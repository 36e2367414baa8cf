/** Questions and items that many acts share. */

export const REPLY = { name: "reply", type: "text", rows: 4, sealedFor: "reporter" };
export const NOTE = { name: "note", type: "text", rows: 2, sealedFor: "office" };
export const DOCUMENT = { name: "document", type: "line", needed: true, bytes: 200 };

/** A text item, empty when nothing was written. */
export const part = (/** @type {string} */ comp, /** @type {string} */ body, type = "text/plain") => ({ comp, name: "", type: body ? type : "", body: new TextEncoder().encode(body) });

/** What the form says to the reporter before anybody types. @param {string} kind */
export const told = (kind) => (/** @type {any} */ _model, /** @type {any} */ t) => t(`told.${kind}`);

/** Sealed even when empty: sizes say nothing. */
export const noteAndReply = (/** @type {any} */ values) => [part("work", values.note), part("thread", values.reply)];

/** An act that asks for one reason and seals nothing. @param {string} tone @param {string} options */
export function simple(tone, options) {
  return {
    tone,
    inputs: [{ name: "reason", type: "radio", options, needed: true }],
    fields: (/** @type {any} */ values) => ({ reason: values.reason }),
    parts: () => [],
  };
}
