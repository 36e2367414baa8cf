// What Chrome 86 and iOS 14 lack and our libraries ask for; esbuild puts it in the place of Object.hasOwn.

/** @param {object} object @param {PropertyKey} key */
export function hasOwn(object, key) {
  return Object.prototype.hasOwnProperty.call(object, key);
}
