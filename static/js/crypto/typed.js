// Digits and letters as a person types or pastes them, in groups (envelope.md section 2, TICKET).

const BETWEEN = /[\t-\r\u0085\u2028\u2029\u2212\u30fc\p{Zs}\p{Pd}\p{Cf}]/gu;

/** The text in NFKC without the spaces, dashes and invisible marks that people and input methods put in between. @param {string} text */
export function packed(text) {
  return text.normalize("NFKC").replace(BETWEEN, "");
}

// As it is dictated; 〇 and 幺 are how telephone numbers are read out.
const SPOKEN = "零〇一二三四五六七八九两幺";
const SAID = "0012345678921";

/** The groups of digits in a text, whatever stands between them: half or full width, or dictated as 一二三. @param {string} text @returns {string[]} */
export function groups(text) {
  const written = text.normalize("NFKC").replace(/[零〇一二三四五六七八九两幺]/g, (said) => SAID[SPOKEN.indexOf(said)]);
  return written.match(/[0-9]+/g) ?? [];
}

/** Every run of whole groups that has this many digits. @param {string[]} groups @param {number} length @returns {string[]} */
export function stretches(groups, length) {
  return groups.flatMap((_, start) => {
    let run = "";
    for (let at = start; at < groups.length && run.length < length; at++) run += groups[at];
    return run.length === length ? [run] : [];
  });
}

/** Whether what was typed is this code, or its last group. @param {string} text @param {string} code @param {number} last digits of the group */
export function holds(text, code, last) {
  const typed = groups(text);
  return stretches(typed, code.length).includes(code) || stretches(typed, last).includes(code.slice(-last));
}
