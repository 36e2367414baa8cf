/** What happened, post by post, and the talk with the reporter as a conversation. */

import { html, nothing } from "lit";
import { money } from "./awardview.js";
import { zoneTime } from "./days.js";
import { packsText } from "./money.js";
import { visible } from "./text.js";
import { has, t, word } from "./words.js";

/** @param {{reporter: boolean, label: string, name: string, stead: boolean}} who */
export function whoLine(who) {
  if (who.reporter) return html`<span class="who reporter">${t("who.reporter")}</span>`;
  return html`<span class="who">${who.stead ? html`<b class="stead" title=${t("who.stead_title")}>${t("who.stead")}</b>` : nothing}${who.label}${who.name ? html` <b>${who.name}</b>` : nothing}</span>`;
}

/** The public fields worth a line, by kind. */
/** @type {Record<string, any>} */
const DETAIL = {
  accept: (/** @type {any} */ act) => [word(`category.${act.fields.category}`, act.fields.category), word(`sector.${act.fields.sector}`, act.fields.sector)].filter(Boolean).join(" · "),
  decline: reason, "award.refuse": reason, forfeit: reason, close: reason, "identity.ask": reason,
  transfer: (/** @type {any} */ act) => `${visible(act.fields.to)} · ${reason(act)}`,
  assign: (/** @type {any} */ act, /** @type {any} */ model) => act.fields.seats.map((/** @type {any} */ seat) => `${t(`role.${seat[0]}`)} ${seat[1].map((/** @type {string} */ person) => personName(model, seat[0], person)).join("、")}`).join(" · "),
  finding: (/** @type {any} */ act) => t(`outcome.${act.fields.outcome}`),
  "award.propose": (/** @type {any} */ act) => html`${money(act.fields.fen)} · ${act.fields.pack}`,
  "award.approve": (/** @type {any} */ act) => money(act.fields.fen),
  "award.notify": (/** @type {any} */ act) => html`${money(act.fields.fen)} · ${t("timeline.claim_by", { day: act.fields.claim_by })}`,
  claim: (/** @type {any} */ act) => word(`method.${act.fields.method}`, act.fields.method),
  extend: (/** @type {any} */ act) => visible(`${act.fields.until} · ${act.fields.approved_by} · ${act.fields.document}`),
  pause: (/** @type {any} */ act) => `${reason(act)} · ${act.fields.day}`, resume: (/** @type {any} */ act) => act.fields.day,
  dispatch: (/** @type {any} */ act) => word(`action.${act.fields.action}`, act.fields.action),
  objection: (/** @type {any} */ act) => t(`about.${act.fields.about}`), "objection.decide": (/** @type {any} */ act) => t(`objection_outcome.${act.fields.outcome}`),
  "transfer.result": (/** @type {any} */ act) => `${word(`result.${act.fields.result}`, act.fields.result)} · ${act.fields.day}`,
  list: (/** @type {any} */ act) => visible(`${word(`level.${act.fields.level}`, act.fields.level)} · ${act.fields.due} · ${act.fields.document}`),
  rectify: paper, delist: paper, escalate: (/** @type {any} */ act) => visible(`${act.fields.to} · ${act.fields.document}`),
  reinstate: (/** @type {any} */ act) => `${reason(act)} · ${t("timeline.claim_by", { day: act.fields.claim_by })}`,
  clawback: (/** @type {any} */ act) => html`${money(act.fields.fen)} · ${reason(act)}`,
  repin: (/** @type {any} */ act) => html`${reason(act)}<br>${t("timeline.repin", { old: packsText(act.fields.old) || t("timeline.none"), packs: packsText(act.fields.packs) })}`,
  pay: (/** @type {any} */ act) => t("timeline.pay", { day: act.fields.day, voucher: visible(act.fields.voucher) }),
};

function paper(/** @type {any} */ act) {
  return visible(`${act.fields.day} · ${act.fields.document}`);
}

function reason(/** @type {any} */ act) {
  return word(`reason.${act.fields.reason}`, visible(act.fields.reason ?? ""));
}

function personName(/** @type {any} */ model, /** @type {any} */ role, /** @type {any} */ person) {
  const found = model.people(role).find((/** @type {any} */ one) => one.person === person);
  return found ? found.name || found.label : t("who.unknown");
}

/** @param {any} model */
export function timeline(model) {
  return html`<section class="card"><h2>${t("timeline.title")}</h2>
    <p class=${model.chain.withheld ? "say bad" : "proof"}>${t(model.chain.withheld ? "timeline.broken" : "timeline.proof", { count: model.acts.length })}</p>
    <ol class="timeline">${[...model.acts].reverse().map((act) => html`<li class=${act.vis}>
      <b>${word(`kind.${act.kind}`, act.kind || t("timeline.withheld"))}</b>${act.vis === "office" ? html`<span class="tag">${t("timeline.office")}</span>` : nothing}
      ${DETAIL[act.kind] ? html`<div class="detail">${DETAIL[act.kind](act, model)}</div>` : nothing}
      <div class="meta">${whoLine(model.who(act))} <time>${zoneTime(act.when)}</time></div></li>`)}</ol></section>`;
}

/** The words exchanged with the reporter in one compartment. @param {any} model @param {"thread" | "payout"} comp */
export function conversation(model, comp) {
  const items = model.items.filter((/** @type {any} */ item) => item.comp === comp && item.text && item.meta.type !== "application/json");
  if (!items.length && !model.roles.includes(comp === "thread" ? "intake" : "payout")) return nothing;
  const acts = new Map(model.acts.map((/** @type {any} */ act) => [act.hash, act]));
  return html`<section class="card"><h2>${t(`talk.${comp}`)}</h2>
    ${items.length ? nothing : html`<p class="quietly">${t("talk.empty")}</p>`}
    <div class="talk">${items.map((/** @type {any} */ item) => bubble(item, acts.get(item.post), model))}</div></section>`;
}

function bubble(/** @type {any} */ item, /** @type {any} */ act, /** @type {any} */ model) {
  const who = model.who(act);
  return html`<div class=${who.reporter ? "bubble hers" : "bubble ours"}><p class="words">${visible(item.text)}</p>
    <div class="meta">${whoLine(who)} <time>${zoneTime(act.when)}</time>${has(`kind.${act.kind}`) && act.kind !== "message" ? html` · ${t(`kind.${act.kind}`)}` : nothing}</div></div>`;
}
