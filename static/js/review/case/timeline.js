/** What happened, post by post, and the talk with the reporter as a conversation. */

import { html, nothing } from "lit";
import { unb64 } from "../../crypto/encoding.js";
import { show } from "../../crypto/fingerprint.js";
import { isGone } from "./custody.js";
import { money } from "../money/awardview.js";
import { zoneTime } from "../days.js";
import { packsText } from "../money/award.js";
import { visible } from "../../core/visible.js";
import { has, t, word } from "../words.js";

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Seat} Seat */

/** @param {{reporter: boolean, label: string, name: string, stead: boolean}} who */
export function whoLine(who) {
  if (who.reporter) return html`<span class="who reporter">${t("who.reporter")}</span>`;
  return html`<span class="who"
    >${who.stead ? html`<b class="stead" title=${t("who.stead_title")}>${t("who.stead")}</b>` : nothing}${who.label}${who.name ? html` <b>${who.name}</b>` : nothing}</span
  >`;
}

/** The public fields worth a line, by kind. */
/** @type {Record<string, (act: Act, model: Model) => unknown>} */
const DETAIL = {
  accept: (act) =>
    [
      word(`category.${act.fields.category}`, act.fields.category),
      word(`sector.${act.fields.sector}`, act.fields.sector),
    ]
      .filter(Boolean)
      .join(" · "),
  decline: reason,
  "award.refuse": reason,
  forfeit: reason,
  close: reason,
  "identity.ask": reason,
  transfer: (act) => `${visible(act.fields.to)} · ${reason(act)}`,
  assign: (act, model) =>
    act.fields.seats
      .map(
        (/** @type {Seat} */ seat) =>
          `${t(`role.${seat[0]}`)} ${seat[1].map((/** @type {string} */ person) => personName(model, seat[0], person)).join("、")}`,
      )
      .join(" · "),
  finding: (act) => t(`outcome.${act.fields.outcome}`),
  "award.propose": (act) => html`${money(act.fields.fen)} · ${act.fields.pack}`,
  "award.approve": (act) => money(act.fields.fen),
  "award.notify": (act) => html`${money(act.fields.fen)} · ${t("timeline.claim_by", { day: act.fields.claim_by })}`,
  claim: (act) => word(`method.${act.fields.method}`, act.fields.method),
  extend: (act) => visible(`${act.fields.until} · ${act.fields.approved_by} · ${act.fields.document}`),
  pause: (act) => `${reason(act)} · ${act.fields.day}`,
  resume: (act) => act.fields.day,
  dispatch: (act) => word(`action.${act.fields.action}`, act.fields.action),
  objection: (act) => t(`about.${act.fields.about}`),
  "objection.decide": (act) => t(`objection_outcome.${act.fields.outcome}`),
  "transfer.result": (act) => `${word(`result.${act.fields.result}`, act.fields.result)} · ${act.fields.day}`,
  list: (act) =>
    visible(`${word(`level.${act.fields.level}`, act.fields.level)} · ${act.fields.due} · ${act.fields.document}`),
  rectify: paper,
  delist: paper,
  escalate: (act) => visible(`${act.fields.to} · ${act.fields.document}`),
  reinstate: (act) => `${reason(act)} · ${t("timeline.claim_by", { day: act.fields.claim_by })}`,
  clawback: (act) => html`${money(act.fields.fen)} · ${reason(act)}`,
  repin: (act) =>
    html`${reason(act)}<br />${t("timeline.repin", { old: packsText(act.fields.old) || t("timeline.none"), packs: packsText(act.fields.packs) })}`,
  handover: (act, model) => t("timeline.handed", { who: model.takers(act).join("、") }),
  pay: (act) => t("timeline.pay", { day: act.fields.day, voucher: visible(act.fields.voucher) }),
};

/** The fields of a kind that has no line of its own, by name: hashes say nothing to people. @type {Record<string, (value: Act["fields"][string]) => unknown>} */
const FIELD = {
  outcome: (value) => t(`objection_outcome.${value}`),
  fen: (value) => money(value),
  category: (value) => word(`category.${value}`, value),
  sector: (value) => word(`sector.${value}`, value),
  body: visible,
  document: visible,
  receipt: visible,
  day: (value) => value,
  due: (value) => value,
  reason: (value) => word(`reason.${value}`, visible(value)),
  scope: (value) => word(`scope.${value}`, visible(value)),
};

/** @param {Act} act */
function plain(act) {
  const shown = Object.keys(FIELD).filter((name) => name in act.fields);
  return shown.map((name, i) => html`${i ? " · " : ""}${FIELD[name](act.fields[name])}`);
}

function paper(/** @type {Act} */ act) {
  return visible(`${act.fields.day} · ${act.fields.document}`);
}

function reason(/** @type {Act} */ act) {
  return word(`reason.${act.fields.reason}`, visible(act.fields.reason ?? ""));
}

function personName(/** @type {Model} */ model, /** @type {string} */ role, /** @type {string} */ person) {
  const found = model.people(role).find((one) => one.person === person);
  return found ? found.name || found.label : t("who.unknown");
}

/** @param {Model} model */
export function timeline(model) {
  return html`<section class="card happened">
    <h2>${t("timeline.title")}</h2>
    <p class=${model.chain.withheld ? "say bad" : "proof"}>
      ${t(model.chain.withheld ? "timeline.broken" : "timeline.proof", { count: model.acts.length })}
      <span class="head-hash" title=${t("timeline.head_title")}
        >${t("timeline.head")} <code>${shortHash(model.chain.newest)}</code></span
      >
    </p>
    <ol class="timeline">
      ${[...model.acts].reverse().map(
        (act) =>
          html`<li class=${act.vis}>
            <b>${word(`kind.${act.kind}`, act.kind || t("timeline.withheld"))}</b
            >${act.vis === "office" ? html`<span class="tag">${t("timeline.office")}</span>` : nothing}
            <div class="detail">${(DETAIL[act.kind] ?? plain)(act, model)}</div>
            <div class="meta">${whoLine(model.who(act))} <time>${zoneTime(act.when)}</time></div>
          </li>`,
      )}
    </ol>
  </section>`;
}

const SHORT = 6; // bytes that two people read to one another

/** The newest post of the case in few signs: at two desks the same case shows the same ones. @param {string} hash */
const shortHash = (hash) => show(unb64(hash).slice(0, SHORT));

/** The words exchanged with the reporter in one compartment. @param {Model} model @param {"thread" | "payout"} comp */
export function conversation(model, comp) {
  const items = model.items.filter(
    (/** @type {Item} */ item) => item.comp === comp && item.text && item.meta.type !== "application/json",
  );
  if (!items.length && !model.roles.includes(comp === "thread" ? "intake" : "payout")) return nothing;
  const acts = new Map(model.acts.map((act) => [act.hash, act]));
  return html`<section class="card">
    <h2>${t(`talk.${comp}`)}</h2>
    ${items.length ? nothing : html`<p class="quietly">${t(isGone(model, comp) ? "custody.gone" : "talk.empty")}</p>`}
    <div class="talk">
      ${items.map((/** @type {Item} */ item) => bubble(item, /** @type {Act} */ (acts.get(item.post)), model))}
    </div>
  </section>`;
}

function bubble(/** @type {Item} */ item, /** @type {Act} */ act, /** @type {Model} */ model) {
  const who = model.who(act);
  return html`<div class=${who.reporter ? "bubble hers" : "bubble ours"}>
    <p class="words">${visible(item.text)}</p>
    <div class="meta">
      ${whoLine(who)}
      <time>${zoneTime(act.when)}</time
      >${has(`kind.${act.kind}`) && act.kind !== "message" ? html` · ${t(`kind.${act.kind}`)}` : nothing}
    </div>
  </div>`;
}
