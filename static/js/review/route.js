/** Where the person is: page, case and filters live in the hash, so that a view can be bookmarked and shared. */

/** The saved views, in the order they are offered; each is a set of filters the server knows. */
export const VIEWS = /** @type {Record<string, Record<string, string>>} */ ({
  mine: { mine: "1", order: "due" },
  today: { mine: "1", order: "due", due: "today" },
  overdue: { overdue: "1", order: "due" },
  claims: { state: "notified", order: "due" },
  unread: { unread: "1", order: "due" },
  all: { order: "due" },
});

/** Filters the server sorts and selects by; everything else stays in the browser. */
export const SERVER_FILTERS = [
  "state",
  "category",
  "sector",
  "channel",
  "urgent",
  "unread",
  "mine",
  "overdue",
  "order",
];

/** @param {string} hash @returns {{page: string, id: string, filters: Record<string, string>}} */
export function parseHash(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page, id = ""] = path.split("/");
  const known = [
    "inbox",
    "case",
    "transcribe",
    "ledger",
    "registers",
    "retention",
    "notices",
    "handover",
    "audit",
    "search",
    "own",
    "bulk",
    "help",
  ].includes(page)
    ? page
    : "inbox";
  return { page: known, id, filters: Object.fromEntries(new URLSearchParams(query)) };
}

/** @param {string} page @param {string} [id] @param {Record<string, string>} [filters] */
export function formatHash(page, id = "", filters = {}) {
  const kept = Object.entries(filters).filter(([, value]) => value !== "");
  const query = new URLSearchParams(kept).toString();
  return `#/${page}${id ? `/${id}` : ""}${query ? `?${query}` : ""}`;
}

/** The filters of the page: a saved view's, overridden by what stands in the hash. @param {Record<string, string>} filters */
export function effective(filters) {
  const view = VIEWS[filters.view] || (Object.keys(filters).length ? {} : VIEWS.mine);
  return { ...view, ...filters };
}

/** The query for the server. @param {Record<string, string>} filters @param {string} after @param {number} limit */
export function inboxQuery(filters, after, limit) {
  const all = effective(filters);
  const query = new URLSearchParams();
  for (const name of SERVER_FILTERS) if (all[name]) query.set(name, all[name]);
  if (after) query.set("after", after);
  query.set("limit", String(limit));
  return query.toString();
}
