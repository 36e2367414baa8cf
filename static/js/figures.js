/** Sums as people read them on both doors: thousands apart. */

/** "22500.00" → "22,500.00"; what is no sum stays as it is. @param {string} yuan */
export function grouped(yuan) {
  return /^\d+\.\d\d$/.test(yuan) ? yuan.replace(/\B(?=(\d{3})+(?=\.))/g, ",") : yuan;
}
