/** What in a text may give its writer away: telephone and identity numbers, a name said outright. Found here, told here. */

// A number stands alone: no digit before or after it. (Lookbehind is not in iOS 14, so the edge is matched.)
const PHONE = /(?:^|[^0-9])(1[3-9][0-9]{9})(?![0-9])/;
const IDCARD = /(?:^|[^0-9])([1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx])(?![0-9])/;
const NAME = /((?:我叫|我的名字是|我是)[\p{Script=Han}]{2,4})(?=[,，。.;；、]|$)/u;
/** @type {[string, RegExp][]} */
const KINDS = [["idcard", IDCARD], ["phone", PHONE], ["name", NAME]];

/** The first thing found, or null. @param {string} text @returns {{word: string, found: string} | null} */
export function findMyself(text) {
  const plain = text.normalize("NFKC").replace(/([0-9])[ \-·.]+(?=[0-9])/g, "$1");
  for (const [word, pattern] of KINDS) {
    const found = pattern.exec(plain);
    if (found) return { word, found: found[1] };
  }
  return null;
}
