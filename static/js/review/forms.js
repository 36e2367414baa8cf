/**
 * Forms that stand beside the acts' of a case: what was typed in them survives a reload as drafts do (drafts.js), and goes
 * when somebody else unlocks the page. Each joins here once, by its name.
 */

/** @typedef {Record<string, unknown>} Values */
/** `read`: what was typed, null where nothing was; `put`: it stands there again; `clear`: nothing does. `anywhere`: it is
 * good for another office as well; what names rows of a ledger is not.
 * @typedef {{read: () => Values | null, put: (values: Values) => void, clear: () => void, anywhere?: boolean}} Kept */

const PREFIX = "form:";
/** @type {Map<string, Kept>} */
const joined = new Map();

/** @param {string} name @param {Kept} kept */
export function join(name, kept) {
  joined.set(PREFIX + name, kept);
}

/** @type {WeakMap<object, () => void>} */
const emptying = new WeakMap();

/** A form that is one object of fields beside `busy` and `error`: kept while a field is not as it was at first.
 * @template {{busy: unknown, error: unknown}} F @param {string} name @param {F} form @returns {F} the same */
export function keptForm(name, form) {
  const { busy, error, ...blank } = form;
  const now = () => likeIn(blank, /** @type {Values} */ (form));
  const clear = () => void Object.assign(form, blank, { busy: false, error: "" });
  const isEmpty = () => Object.entries(blank).every(([field, value]) => now()[field] === value);
  join(name, {
    read: () => (isEmpty() ? null : now()),
    put: (values) => void Object.assign(form, likeIn(blank, values)),
    clear,
  });
  emptying.set(form, clear);
  return form;
}

/** What was typed was entered, or is not to be. @param {object} form */
export function emptyForm(form) {
  emptying.get(form)?.();
}

/** Of some values those whose field this form has, in its kind. @param {Values} blank @param {Values} values @returns {Values} */
export const likeIn = (blank, values) =>
  Object.fromEntries(
    Object.entries(values).filter(([name, value]) => name in blank && typeof value === typeof blank[name]),
  );

/** What was typed in all of them. @returns {[string, Values][]} */
export function typedIn() {
  return [...joined].flatMap(([name, form]) => {
    const values = form.read();
    return values ? [/** @type {[string, Values]} */ ([name, values])] : [];
  });
}

/** Whether the key is a form's of this page; its values stand in it again, in another office than they were typed for only
 * where they are good there. @param {string} key @param {Values} values @param {boolean} [here] whether it is the same office */
export function putBack(key, values, here = true) {
  const form = joined.get(key);
  if (here || form?.anywhere) form?.put(values);
  return key.startsWith(PREFIX);
}

export function clearForms() {
  for (const form of joined.values()) form.clear();
}
