/** The code box groups its digits in fives while they are typed or pasted, as they stand on her paper. Nothing but digits
 * and what stands between them is touched: a dictated or labelled code stays as it came, and is read all the same. */

const FIVES = /[0-9]{1,5}/g;
/** What may stand between digits: blanks and dashes of any width. */
const BETWEEN = /[\s\u2010-\u2015\u2212-]/g;
const LENGTH = 25;

/**
 * The text in groups, and where the caret stands in it; null where it is left as it is.
 * @param {string} typed @param {number} caret @param {boolean} [forward] a key deleted what stands after the caret
 * @returns {{text: string, caret: number} | null}
 */
export function grouped(typed, caret, forward = false) {
  const digits = plain(typed);
  if (!/^[0-9]*$/.test(digits) || digits.length > LENGTH) return null;
  const text = (digits.match(FIVES) ?? []).join(" ");
  if (text === typed) return null;
  const before = plain(typed.slice(0, caret)).length;
  // Behind a full group the caret waits before the blank, so that Backspace takes a digit; Delete steps over it.
  const blanks = Math.floor(Math.max(0, forward ? before : before - 1) / 5);
  return { text, caret: Math.min(text.length, before + blanks) };
}

const plain = (/** @type {string} */ text) => text.normalize("NFKC").replace(BETWEEN, "");

/** @param {HTMLInputElement} box */
export function groupAsTyped(box) {
  const group = (/** @type {Event} */ event) => {
    const { isComposing, inputType } = /** @type {InputEvent} */ (event);
    if (isComposing || box.selectionStart !== box.selectionEnd) return;
    const made = grouped(box.value, box.selectionEnd ?? box.value.length, inputType === "deleteContentForward");
    if (!made) return;
    box.value = made.text;
    box.setSelectionRange(made.caret, made.caret);
  };
  box.addEventListener("input", group);
  box.addEventListener("compositionend", group);
}
